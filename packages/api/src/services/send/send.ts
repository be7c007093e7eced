import { createId } from '@mairust/db'
import { findMailbox } from '@mairust/db/queries/mailbox'
import { type Address, parseAddress } from '@mairust/mail-core/address'
import type { MailboxAddress } from '@mairust/mail-core/message'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { invalidField, orNotFound } from '../../errors.ts'
import { type Commit, recorded, verb } from '../../verb/index.ts'
import { composeDraft } from '../draft/compose.ts'
import { firstOf, insertDraft } from '../draft/create.ts'
import { toChanges } from '../draft/internal.ts'
import { withObjects } from '../with-objects.ts'
import { handIn } from './hand-in.ts'
import { namedIn, requireDestinations } from './recipients.ts'
import { plan, requireSendAt } from './schedule.ts'
import { NOT_AUDITED, type SendInput, sendInput, sentSchema, type SentWire } from './schemas.ts'
import { requireSender } from './sender.ts'
import { writeMessage } from './write.ts'

/**
 * Sends a message: into the mailboxes here at once, and to other servers through the queue. All recipients get it, or nobody does.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR, RATE_LIMITED, CONFLICT, PAYLOAD_TOO_LARGE, UNAVAILABLE
 */
export const send = verb({
  permission: 'message:send',
  input: sendInput,
  output: sentSchema,
  audit: NOT_AUDITED,
  run: (ctx, input, commit) => sendOne(ctx, input, commit),
})

/** Sends one message, alone or of a batch. */
export const sendOne = async (ctx: ServiceContext, input: SendInput, commit: Commit<never>): Promise<SentWire> => {
  const at = input.send_at === undefined ? null : requireSendAt(ctx, input.send_at)
  const from = addressOf(input.from, 'from')
  const lists = { to: input.to ?? [], cc: input.cc ?? [], bcc: input.bcc ?? [] }
  const named = namedIn(
    Object.fromEntries(
      Object.entries(lists).map(([name, list]) => [name, list.map((one, at) => addressOf(one, `${name}.${at}`))]),
    ),
  )
  // Before anything is written for somebody who may not send as this.
  await requireSender(ctx, from, [])
  const message = await writeMessage(
    ctx,
    input.raw === undefined ? { changes: toChanges(input) } : { bytes: Buffer.from(input.raw, 'base64') },
    input.raw === undefined ? 'from' : 'raw',
  )
  const sender = await requireSender(ctx, from, message.authors)
  const recipients = await requireDestinations(ctx, named, message.header.length + message.body.length)
  if (at !== null) {
    const mailbox = orNotFound(await findMailbox(ctx.db, scopeOf(ctx), sender.mailboxId), 'mailbox')
    const composed = await composeDraft(ctx, null, firstOf(mailbox, toChanges(input)))
    const { blobKey, index } = composed.object
    return withObjects(ctx, [blobKey], (reached) =>
      commit(async (tx) => {
        const id = createId('msg')
        await insertDraft(tx, ctx, mailbox, id, composed)
        await ctx.witness?.(tx, { targetId: id })
        const draft = { id, blobKey, tenantId: mailbox.tenantId }
        const times = { at, journeyId: createId('jrn'), saveCopy: input.save_copy ?? false }
        const planned = await plan(tx, { draft, sender, recipients, messageId: index.messageId, ...times })
        reached()
        return recorded(planned)
      }),
    )
  }
  const handed = await handIn(ctx, { sender, from, message, recipients, saveCopy: input.save_copy ?? false })
  return withObjects(ctx, handed.blobKeys, (reached) =>
    commit(async (tx) => {
      const sent = await handed.accept(tx)
      await ctx.witness?.(tx, { targetId: handed.id })
      reached()
      return recorded(sent)
    }),
  )
}

const addressOf = ({ address }: MailboxAddress, field: string): Address => {
  const parsed = parseAddress(address)
  if (!parsed.ok) throw invalidField(field, 'must be an email address such as ann@example.com')
  return parsed.value
}
