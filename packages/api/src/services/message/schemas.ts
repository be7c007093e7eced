import { parseQuery } from '@mairust/mail-core/search'
import { z } from 'zod'
import { BATCH_ACTIONS } from '../../contract/batch.ts'
import { LIMITS } from '../../contract/limits.ts'
import {
  ADDRESS,
  count,
  dayOrTime,
  exampleId,
  flag,
  idOf,
  label,
  line,
  lineOrNull,
  page,
  queryBool,
  text,
  time,
  timeOrNull,
  timeWords,
  whole,
  wireBool,
  wireId,
  word,
  type Words,
} from '../../wire/index.ts'

const SEEN: Words = ['Whether it was read.', false]
const STARRED: Words = ['Whether it has a star.', false]
const ANSWERED: Words = ['Whether it was replied to.', false]
const TAG: Words = ['Name or id of a tag.', 'work']
const TAGS: Words = ['Names of its tags.', ['work']]
const FOLDER: Words = ['The folder: id, role or name.', 'inbox']
const HAS_ATTACHMENTS: Words = ['Whether it has attachments.', true]
const SIZE = count('Size in bytes.', 4096)

/** A display name and an address from a header field. */
export const addressSchema = z.object({ name: line('Display name.', 'Hana Sato'), address: line(...ADDRESS) })

const addresses = (description: string) => word(z.array(addressSchema), description)

const messageFields = {
  id: wireId('msg'),
  mailbox_id: wireId('mbx', 'The mailbox it is in.'),
  folder: line('Role of the folder, or its name if it has no role.', 'inbox'),
  folder_id: wireId('fld', 'Id of the folder.'),
  thread_id: wireId('thr', 'The conversation it belongs to.'),
  from: word(addressSchema, 'Who wrote it.'),
  to: addresses('Who it is addressed to: in lists the first hundred or so, in the message itself all.'),
  subject: line('The subject.', 'Dinner on Friday'),
  preview: line('The beginning of its text.', 'Shall we meet at seven?'),
  date: timeOrNull('The time in its Date header; null when it has none.'),
  received_at: time('When it was received.'),
  size: SIZE,
  seen: flag(...SEEN),
  starred: flag(...STARRED),
  answered: flag(...ANSWERED),
  draft: flag('Whether it is a draft.', false),
  tags: word(z.array(z.string()), ...TAGS),
  has_attachments: flag(...HAS_ATTACHMENTS),
  spam_score: word(z.number().nullable(), 'Spam score; null when it was not rated.', null),
}

/** A message in a list. */
export const messageSchema = z.object(messageFields)
export type MessageWire = z.output<typeof messageSchema>

export const attachmentSchema = z.object({
  index: count('Number of the attachment, used in its URL.', 0),
  filename: line('Name of the file.', 'menu.pdf'),
  content_type: line('Media type given by the sender.', 'application/pdf'),
  size: SIZE,
  content_id: lineOrNull('Content-ID that the HTML refers to it by.'),
  inline: flag('Whether the HTML shows it inline.', false),
})

/** Why `html` shows the text instead of the message's HTML. */
export const HTML_FALLBACKS = ['too_large', 'timed_out'] as const

/** What a message may have more of than an answer has. */
const TRUNCATED = ['subject', 'text', 'html', 'to', 'cc', 'bcc', 'reply_to'] as const
export type TruncatedField = (typeof TRUNCATED)[number]

export const headerSchema = z.object({
  name: line('Name of the header field.', 'Subject'),
  value: line('The value.', 'Dinner on Friday'),
})

const checkSchema = z.object({
  method: word(z.enum(['spf', 'dkim', 'dmarc', 'arc']), 'What was checked.', 'spf'),
  result: line('Its result.', 'pass'),
  domain: lineOrNull('Whose record or signature it is about; null when there is none.', 'example.net'),
  selector: lineOrNull('Which key of the domain signed; null for other checks.'),
  record: lineOrNull('The DNS record that decided; null when there is none.', 'v=spf1 mx -all'),
  reason: line('Why, in plain words.', 'example.net allows 192.0.2.1 to send for it'),
})

const authenticationSchema = z.object({
  spf: line('Result of SPF.', 'pass'),
  dkim: line('Best result of all DKIM signatures.', 'pass'),
  dmarc: line('Result of DMARC.', 'pass'),
  arc: line('Result of ARC.', 'none'),
  junk_reason: lineOrNull('Why the checks filed it in Junk when it arrived; null when they did not.'),
  checks: word(
    z.array(checkSchema),
    'What each check found out, DKIM for each of at most 5 signatures. Empty for mail that was not verified: that of our users, and imported mail.',
  ),
})

/** A message with its content. */
export const messageDetailSchema = z.object({
  ...messageFields,
  cc: addresses('Recipients of a copy (Cc).'),
  bcc: addresses('Recipients of a blind copy (Bcc).'),
  reply_to: addresses('Where replies should go (Reply-To).'),
  message_id: lineOrNull('Message-ID from its header.', '<1@example.com>'),
  in_reply_to: lineOrNull('Message-ID of the message it replies to.', '<0@example.com>'),
  references: word(
    z.array(z.string()),
    'Message-IDs of the earlier messages in the conversation: the first and the last, at most 100.',
    ['<0@example.com>'],
  ),
  headers: word(z.array(headerSchema), 'Every header field, in order.'),
  text: lineOrNull('Its text; null when it has none. See `truncated`.', 'Shall we meet at seven?'),
  html: lineOrNull(
    'Its HTML, sanitised, without remote images; null when it has none.',
    '<p>Shall we meet at seven?</p>',
  ),
  html_fallback: word(
    z.enum(HTML_FALLBACKS).nullable(),
    'Why `html` shows the text instead of the HTML of the message.',
    null,
  ),
  blocked_images: count('How many remote images were removed.', 0),
  attachments: word(z.array(attachmentSchema), 'Its attachments.'),
  authentication: word(authenticationSchema, 'Results of sender authentication.'),
  truncated: word(
    z.array(z.enum(TRUNCATED)),
    'The fields of which the message has more than is here: at most 1,048,576 characters of text or HTML, 1000 addresses of 320 characters, 998 characters of the subject. `raw` has all.',
    [],
  ),
  parse_error: lineOrNull('Why it could not be parsed completely; null when it could.'),
  journey_id: wireId('jrn', 'The journey that shows how it arrived.'),
})
export type MessageDetailWire = z.output<typeof messageDetailSchema>

/** A search. Errors in its operators are reported with the other errors of the request. */
const searchText = () =>
  text(2000).check(({ value, issues }) => {
    const { error } = parseQuery(value, new Date())
    if (error !== null) issues.push({ code: 'custom', input: value, message: error.message })
  })

export const listMessagesInput = z.strictObject({
  ...page,
  q: word(
    searchText(),
    'A search: words, `"a phrase"`, `-not`, and operators; see the introduction.',
    'from:hana dinner',
  ).optional(),
  mailbox: word(text(320, 1), 'Only in this mailbox: id or address.', 'hana@example.com').optional(),
  thread: idOf('thr', 'Only in this conversation.').optional(),
  folder: word(text(255, 1), ...FOLDER).optional(),
  from: word(text(320, 1), 'Only from senders with these words in name or address.', 'hana').optional(),
  to: word(text(320, 1), 'Only to recipients with these words in name or address.', 'ken').optional(),
  subject: word(text(998, 1), 'Only with these words in the subject.', 'dinner').optional(),
  tag: word(text(100, 1), ...TAG).optional(),
  has_attachments: word(queryBool(), ...HAS_ATTACHMENTS).optional(),
  has_attachment: word(queryBool(), 'The old name of `has_attachments`, with the same meaning.', true).optional(),
  after: word(dayOrTime(), ...timeWords('Only received at or after this day or time.')).optional(),
  before: word(dayOrTime(), ...timeWords('Only received before this day or time.')).optional(),
  seen: word(queryBool(), ...SEEN).optional(),
  starred: word(queryBool(), ...STARRED).optional(),
  sort: word(z.enum(['-date', 'date']), 'Sort by time received: `-date` starts with the newest.', '-date').optional(),
})
export type ListMessagesInput = z.output<typeof listMessagesInput>

export const messageIdInput = z.strictObject({ id: idOf('msg') })

/** Name of a tag in a request. */
export const tagName = () => label(100, 1)
const tagNames = () => z.array(tagName()).max(50)

export const updateMessageInput = z.strictObject({
  id: idOf('msg'),
  seen: word(wireBool(), ...SEEN).optional(),
  starred: word(wireBool(), ...STARRED).optional(),
  answered: word(wireBool(), ...ANSWERED).optional(),
  tags: word(tagNames(), ...TAGS).optional(),
  add_tags: word(tagNames(), 'Names of tags to add; those that do not exist are created.', ['work']).optional(),
  remove_tags: word(tagNames(), 'Names of tags to remove.', ['later']).optional(),
})

/** A folder in a request: its id, role or name. */
const folderRef = () => word(label(255, 1), ...FOLDER)

export const moveMessageInput = z.strictObject({ id: idOf('msg'), folder: folderRef() })

export const removeMessageInput = z.strictObject({
  id: idOf('msg'),
  permanent: word(queryBool(), 'Remove it permanently instead of moving it to Trash.', false).optional(),
})

/** The field that an action requires. */
const REQUIRED: Readonly<Partial<Record<string, 'folder' | 'tag'>>> = {
  add_tag: 'tag',
  remove_tag: 'tag',
  move: 'folder',
}

export const batchMessagesInput = z
  .strictObject({
    ids: word(z.array(text(64)).min(1).max(LIMITS.batch), 'Ids of the messages.', [exampleId('msg')]),
    action: word(z.enum(BATCH_ACTIONS), 'What to do with each message.', 'mark_seen'),
    folder: folderRef().optional(),
    tag: word(tagName(), ...TAG).optional(),
  })
  .check(
    whole(({ value, issues }) => {
      const required = REQUIRED[value.action]
      if (required === undefined || value[required] !== undefined) return
      issues.push({ code: 'custom', path: [required], input: value, message: 'is required for this action' })
    }),
  )

export const batchResultSchema = z.object({
  updated: count('Number of messages that were changed.', 1),
  failed: word(
    z.array(z.object({ id: wireId('msg'), code: line('Error code that says why.', 'NOT_FOUND') })),
    'Messages that were not changed, and why.',
  ),
})
export type BatchResultWire = z.output<typeof batchResultSchema>

export const attachmentInput = z.strictObject({
  id: idOf('msg'),
  n: word(
    z.string().regex(/^\d{1,4}$/, { error: 'must be a whole number' }),
    'Number of the attachment: its `index`.',
    '0',
  ),
})
