import { lockMailbox } from '@mairust/db/queries/mailbox'
import { recorded, verb } from '../../verb/index.ts'
import { requireMailbox, toMailboxWire } from './internal.ts'
import { importInput, mailboxSchema } from './schemas.ts'

/**
 * Says in the audit log that mail from elsewhere is brought into a mailbox. Call it before the first message: those come in many
 * transactions, and an import may be cut short.
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
