import { unassignMailboxes } from '@mairust/db/queries/mailbox'
import { deleteUserRow } from '@mairust/db/queries/user'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { requireOtherSuperAdmin, requireRole, requireUser, toUserWire, USERS_TOPIC } from './internal.ts'
import { userIdInput } from './schemas.ts'

/**
 * Removes a user with their sessions and API keys. Their mailboxes stay, without an owner: mail is never lost with an account.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT for the last administrator
 */
export const removeUser = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof userIdInput>
}): Promise<void> => {
  requirePermission(ctx, 'user:write')
  const { id } = parseInput(userIdInput, input)
  await ctx.db.transaction(async (tx) => {
    const before = await requireUser(tx, ctx, id)
    requireRole(ctx, before.role)
    await requireOtherSuperAdmin(tx, ctx, before)
    await writeAudit(tx, ctx, { action: 'user.delete', targetType: 'user', targetId: id, before: toUserWire(before) })
    await unassignMailboxes(tx, scopeOf(ctx), id, ctx.now())
    await deleteUserRow(tx, scopeOf(ctx), id)
    await ctx.changes.publish(tx, USERS_TOPIC)
  })
}
