import { z } from 'zod'
import { LIMITS } from '../../contract/limits.ts'
import {
  bodyText,
  correspondent,
  extraHeader,
  idOf,
  label,
  lineOrNull,
  messageIdText,
  newAttachment,
  page,
  text,
  wireInt,
  word,
} from '../../wire/index.ts'
import { headerSchema, messageDetailSchema } from '../message/schemas.ts'

const { recipients, attachments, headers, references } = LIMITS.draft

const WRITTEN = 'each as text, `Hana Sato <hana@example.com>`, or as `{ name, address }`'
const HANA = ['Hana Sato <hana@example.com>']
const FILES = { filename: 'menu.txt', content_type: 'text/plain', content: 'U291cA==' }
const ID_EXAMPLE = '<0@example.com>'

const correspondents = (description: string) =>
  word(z.array(correspondent()).max(recipients), `${description}; ${WRITTEN}.`, HANA).optional()

/** What an author writes, in a draft or in what is sent at once. */
export const content = {
  from: word(
    correspondent().nullable(),
    'Who writes it, as text or as `{ name, address }`; null for nobody yet. Whether you may send as this address is checked when it is sent.',
    HANA[0],
  ).optional(),
  to: correspondents('Who it is addressed to'),
  cc: correspondents('Who gets a copy'),
  bcc: correspondents('Who gets a blind copy'),
  reply_to: correspondents('Where replies go'),
  subject: word(label(998), 'The subject.', 'Dinner on Friday').optional(),
  text: word(bodyText().nullable(), 'Its text; null for none.', 'Shall we meet at seven?').optional(),
  html: word(bodyText().nullable(), 'Its HTML; null for none.', '<p>Shall we meet at seven?</p>').optional(),
  headers: word(
    z.array(extraHeader()).max(headers),
    'Header fields that have no field of their own here. They replace those of before.',
  ).optional(),
  in_reply_to: word(
    messageIdText().nullable(),
    'Message-ID of the message it replies to, whose conversation it joins; null for none.',
    ID_EXAMPLE,
  ).optional(),
  references: word(
    z.array(messageIdText()).max(references),
    'Message-IDs of the earlier messages in the conversation; `in_reply_to` alone when left out.',
    [ID_EXAMPLE],
  ).optional(),
}

/** The files of a new message. */
export const newAttachments = word(z.array(newAttachment()).max(attachments), 'Its attachments.', [FILES]).optional()

export const createDraftInput = z.strictObject({
  mailbox: word(text(320, 1), 'The mailbox that keeps it: id or address.', 'hana@example.com').optional(),
  ...content,
  attachments: newAttachments,
})
export type CreateDraftInput = z.output<typeof createDraftInput>

/** A few numbers must not make many copies of one file. */
const keptOnce = z.check<readonly ({ index: number } | { content: string })[]>(({ value, issues }) => {
  const kept = new Set<number>()
  for (const [at, file] of value.entries()) {
    if (!('index' in file)) continue
    if (kept.has(file.index)) {
      issues.push({ code: 'custom', input: file.index, path: [at, 'index'], message: 'is given twice' })
    }
    kept.add(file.index)
  }
})

const keptAttachment = () =>
  z.strictObject({
    index: word(wireInt(0, 9999), 'Keeps the attachment that has this `index` in the draft now.', 0, 'int64'),
  })

export const updateDraftInput = z.strictObject({
  id: idOf('msg'),
  ...content,
  attachments: word(
    z
      .array(z.union([newAttachment(), keptAttachment()]))
      .max(attachments)
      .check(keptOnce),
    'Its attachments, which replace those of before: new ones, and `{ "index": 0 }`, once, for each that is to stay.',
    [{ index: 0 }, FILES],
  ).optional(),
})
export type UpdateDraftInput = z.output<typeof updateDraftInput>

export const draftIdInput = z.strictObject({ id: idOf('msg') })

export const listDraftsInput = z.strictObject({
  ...page,
  mailbox: word(text(320, 1), 'Only in this mailbox: id or address.', 'hana@example.com').optional(),
})

/** A draft opened, as it goes on being written. */
export const draftSchema = messageDetailSchema
  .omit({ html_fallback: true, blocked_images: true, authentication: true })
  .extend({
    headers: word(z.array(headerSchema), 'Header fields that have no field of their own here.'),
    text: lineOrNull('Its text; null when it has none. See `truncated`.', 'Shall we meet at seven?'),
    html: lineOrNull(
      'Its HTML as it was saved, not sanitised: do so before you show it. Null when it has none, or more than 1,048,576 characters.',
      '<p>Shall we meet at seven?</p>',
    ),
  })
export type DraftWire = z.output<typeof draftSchema>
