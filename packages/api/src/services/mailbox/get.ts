import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { requireMailbox, toMailboxWire } from './internal.ts'
import { mailboxIdInput, type MailboxWire } from './schemas.ts'

/**
 * One mailbox.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getMailbox = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof mailboxIdInput>
}): Promise<MailboxWire> => {
  requirePermission(ctx, 'mailbox:read')
  const { id } = parseInput(mailboxIdInput, input)
  return toMailboxWire(await requireMailbox(ctx.db, ctx, 'mailbox:read', id))
}
