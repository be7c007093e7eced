import { verb } from '../../verb/index.ts'
import { requireMailbox, toMailboxWire } from './internal.ts'
import { mailboxIdInput, mailboxSchema } from './schemas.ts'

/**
 * One mailbox.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getMailbox = verb({
  permission: 'mailbox:read',
  input: mailboxIdInput,
  output: mailboxSchema,
  run: async (ctx, { id }) => toMailboxWire(await requireMailbox(ctx.db, ctx, 'mailbox:read', id)),
})
