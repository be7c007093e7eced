import { parseQuery } from '@mairust/mail-core/search'
import { z } from 'zod'
import { BATCH_ACTIONS } from '../../contract/batch.ts'
import { LIMITS } from '../../contract/limits.ts'
import { dayOrTime, id, label, page, queryBool, text, whole, wireBool } from '../../wire/index.ts'

/** A name and an address as they stand in a header field. */
export const addressSchema = z.object({ name: z.string(), address: z.string() })

const messageFields = {
  id: z.string(),
  mailbox_id: z.string(),
  /** Role of the folder, or its name when a person made it: what `?folder=` takes. */
  folder: z.string(),
  folder_id: z.string(),
  thread_id: z.string(),
  from: addressSchema,
  to: z.array(addressSchema),
  subject: z.string(),
  preview: z.string(),
  date: z.string().nullable(),
  received_at: z.string(),
  size: z.number(),
  seen: z.boolean(),
  starred: z.boolean(),
  answered: z.boolean(),
  draft: z.boolean(),
  tags: z.array(z.string()),
  has_attachments: z.boolean(),
  spam_score: z.number().nullable(),
}

/** A message in a list. */
export const messageSchema = z.object(messageFields)
export type MessageWire = z.output<typeof messageSchema>

export const attachmentSchema = z.object({
  index: z.number(),
  filename: z.string(),
  content_type: z.string(),
  size: z.number(),
  content_id: z.string().nullable(),
  inline: z.boolean(),
})

/** Why `html` shows the text instead of the message's HTML. */
export const HTML_FALLBACKS = ['too_large', 'timed_out'] as const

/** A message opened. */
export const messageDetailSchema = z.object({
  ...messageFields,
  cc: z.array(addressSchema),
  bcc: z.array(addressSchema),
  reply_to: z.array(addressSchema),
  message_id: z.string().nullable(),
  in_reply_to: z.string().nullable(),
  references: z.array(z.string()),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  text: z.string().nullable(),
  /** Sanitised, remote pictures taken away. */
  html: z.string().nullable(),
  html_fallback: z.enum(HTML_FALLBACKS).nullable(),
  blocked_images: z.number(),
  attachments: z.array(attachmentSchema),
  authentication: z.object({ spf: z.string(), dkim: z.string(), dmarc: z.string(), arc: z.string() }),
  parse_error: z.string().nullable(),
  journey_id: z.string(),
})
export type MessageDetailWire = z.output<typeof messageDetailSchema>

/** The text of a search box. What an operator does not understand is said beside the request's other problems. */
const searchText = () =>
  text(2000).check(({ value, issues }) => {
    const { error } = parseQuery(value, new Date())
    if (error !== null) issues.push({ code: 'custom', input: value, message: error.message })
  })

export const listMessagesInput = z.strictObject({
  ...page,
  q: searchText().optional(),
  mailbox: text(320, 1).optional(),
  thread: id('thr').optional(),
  folder: text(255, 1).optional(),
  from: text(320, 1).optional(),
  to: text(320, 1).optional(),
  subject: text(998, 1).optional(),
  tag: text(100, 1).optional(),
  has_attachments: queryBool().optional(),
  /** The name before `has_attachments`; means the same. */
  has_attachment: queryBool().optional(),
  after: dayOrTime().optional(),
  before: dayOrTime().optional(),
  seen: queryBool().optional(),
  starred: queryBool().optional(),
  sort: z.enum(['-date', 'date']).optional(),
})
export type ListMessagesInput = z.output<typeof listMessagesInput>

export const messageIdInput = z.strictObject({ id: id('msg') })

/** Name of a tag in a body. */
export const tagName = () => label(100, 1)
const tagNames = () => z.array(tagName()).max(50)

export const updateMessageInput = z.strictObject({
  id: id('msg'),
  seen: wireBool().optional(),
  starred: wireBool().optional(),
  answered: wireBool().optional(),
  tags: tagNames().optional(),
  add_tags: tagNames().optional(),
  remove_tags: tagNames().optional(),
})

/** A folder in a body: its id, role or name. */
const folderRef = () => label(255, 1)

export const moveMessageInput = z.strictObject({ id: id('msg'), folder: folderRef() })

export const removeMessageInput = z.strictObject({ id: id('msg'), permanent: queryBool().optional() })

/** What an action needs beside its messages. */
const NEEDED: Readonly<Partial<Record<string, 'folder' | 'tag'>>> = {
  add_tag: 'tag',
  remove_tag: 'tag',
  move: 'folder',
}

export const batchMessagesInput = z
  .strictObject({
    ids: z.array(text(64)).min(1).max(LIMITS.batch),
    action: z.enum(BATCH_ACTIONS),
    folder: folderRef().optional(),
    tag: tagName().optional(),
  })
  .check(
    whole(({ value, issues }) => {
      const needed = NEEDED[value.action]
      if (needed === undefined || value[needed] !== undefined) return
      issues.push({ code: 'custom', path: [needed], input: value, message: 'is needed for this action' })
    }),
  )

export const batchResultSchema = z.object({
  updated: z.number(),
  failed: z.array(z.object({ id: z.string(), code: z.string() })),
})
export type BatchResultWire = z.output<typeof batchResultSchema>

export const attachmentInput = z.strictObject({
  id: id('msg'),
  n: z.string().regex(/^\d{1,4}$/, { error: 'must be a whole number' }),
})
