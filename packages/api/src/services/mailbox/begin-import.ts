import { lockMailbox } from '@mairust/db/queries/mailbox'
import { recorded, verb } from '../../verb/index.ts'
import { requireMailbox, toMailboxWire } from './internal.ts'
import { importInput, mailboxSchema } from './schemas.ts'

/**
 * Audits the start of an import into a mailbox. Call it before the first message: an import takes many transactions, and may stop
 * half-way.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR
 */
export const beginImport = verb({
  permission: 'message:write',
  input: importInput,
  output: mailboxSchema,
  audit: 'mailbox.import',
  run: (ctx, { id, source }, commit) =>
    commit(async (tx) => {
      const mailbox = toMailboxWire(await requireMailbox(tx, ctx, 'mailbox:write', id, lockMailbox))
      return recorded(mailbox, { targetId: id, after: { source } })
    }),
})
