import { tenantTopic } from '@mairust/db'
import { lockUser, updateUserRow } from '@mairust/db/queries/user'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { toUserWire } from '../user/internal.ts'
import { requireSelf } from './internal.ts'
import { type AccountWire, updateAccountInput } from './schemas.ts'

/**
 * Changes one's own account.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR
 */
export const updateAccount = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof updateAccountInput>
}): Promise<AccountWire> => {
  requirePermission(ctx, 'account:write')
  const fields = parseInput(updateAccountInput, input)
  return ctx.db.transaction(async (tx) => {
    const before = await requireSelf(tx, ctx, lockUser)
    const after = orNotFound(
      await updateUserRow(tx, scopeOf(ctx), before.id, { ...fields, updatedAt: ctx.now() }),
      'user',
    )
    await writeAudit(tx, ctx, {
      action: 'account.update',
      targetType: 'user',
      targetId: before.id,
      before: toUserWire(before),
      after: toUserWire(after),
    })
    await ctx.changes.publish(tx, tenantTopic('users', ctx.actor.tenantId))
    return toUserWire(after)
  })
}
