import type { Db } from '@mairust/db'
import type { DraftAttachment, DraftChanges } from '@mairust/intake/drafts'
import { findMessage, type MessageRow } from '@mairust/db/queries/message'
import { authorText, extraFields } from '@mairust/mail-core/message'
import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import type { OpenedMessage } from '../../render/tasks.ts'
import { mailScope, toMessageWire } from '../message/internal.ts'
import { openedFields } from '../message/opened.ts'
import type { CreateDraftInput, DraftWire, UpdateDraftInput } from './schemas.ts'

/**
 * Finds a draft for which the actor holds the permission. A message that is none does not exist here.
 * @throws AppError NOT_FOUND
 */
export const requireDraft = async (
  ctx: ServiceContext,
  id: string,
  permission: 'message:read' | 'message:write',
): Promise<MessageRow> => asDraft(await findMessage(ctx.db, mailScope(ctx, permission), id))

/** @throws AppError NOT_FOUND */
export const asDraft = (row: MessageRow | null | undefined): MessageRow => {
  if (row?.draft !== true) throw notFound('draft')
  return row
}

/** A draft on the wire. Its HTML is as its author wrote it: sanitised, it could not be written on. */
export const toDraftWire = async (db: Db, row: MessageRow, opened: OpenedMessage | null): Promise<DraftWire> => {
  const wire = await toMessageWire(db, row)
  return {
    ...wire,
    ...openedFields(row, opened, 'draft'),
    // A row keeps only the first.
    to: opened?.to ?? wire.to,
    headers: extraFields(opened?.headers ?? []),
    text: written(opened?.text),
    html: written(opened?.html),
  }
}

const written = (content: string | null | undefined): string | null =>
  content === null || content === undefined ? null : authorText(content)

/** What a request changes, as intake knows it. */
export const toChanges = (input: Omit<CreateDraftInput, 'mailbox'> | Omit<UpdateDraftInput, 'id'>): DraftChanges => ({
  from: input.from,
  to: input.to,
  cc: input.cc,
  bcc: input.bcc,
  replyTo: input.reply_to,
  subject: input.subject,
  inReplyTo: input.in_reply_to,
  references: input.references,
  headers: input.headers,
  text: input.text,
  html: input.html,
  attachments: input.attachments?.map(toAttachment),
})

const toAttachment = (file: NonNullable<UpdateDraftInput['attachments']>[number]): DraftAttachment =>
  'index' in file
    ? file.index
    : {
        filename: file.filename,
        contentType: file.content_type ?? 'application/octet-stream',
        content: file.content,
        contentId: file.content_id ?? null,
        inline: file.inline ?? false,
      }
