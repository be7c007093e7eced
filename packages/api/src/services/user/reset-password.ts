import { tenantTopic } from '@mairust/db'
import { endApiKeysOfMaker } from '@mairust/db/queries/api-key'
import { clearLoginFailures } from '@mairust/db/queries/login-failure'
import { deleteSessionsOfUser } from '@mairust/db/queries/session'
import { findUserByEmail, updateUserRow } from '@mairust/db/queries/user'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { toEmail, toPasswordHash, toUserWire } from './internal.ts'
import type { UserWire } from './schemas.ts'

/**
 * Sets a new password from the command line: ends all sessions and the keys that the user made, and lifts a
 * lock-out.
 * @throws AppError NOT_FOUND, VALIDATION_ERROR
 */
export const resetPassword = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: { email: string; password: string }
}): Promise<UserWire> => {
  requirePermission(ctx, 'user:write')
  const user = await findUserByEmail(ctx.db, toEmail(input.email))
  if (user?.tenantId !== ctx.actor.tenantId) throw notFound('user')
  const passwordHash = await toPasswordHash(ctx, input.password)
  await ctx.db.transaction(async (tx) => {
    await updateUserRow(tx, user, user.id, { passwordHash, updatedAt: ctx.now() })
    await deleteSessionsOfUser(tx, user, user.id)
    await clearLoginFailures(tx, user.email)
    const after = { ended_api_keys: await endApiKeysOfMaker(tx, user, user.id, ctx.now()) }
    await writeAudit(tx, ctx, { action: 'user.reset_password', targetType: 'user', targetId: user.id, after })
    await ctx.changes.publish(tx, tenantTopic('users', ctx.actor.tenantId))
  })
  return toUserWire(user)
}
