import { endApiKeysOfCreator } from '@mairust/db/queries/api-key'
import { clearLoginFailures } from '@mairust/db/queries/login-failure'
import { endLogins } from '@mairust/db/queries/session'
import { findUserByEmail, updateUserRow } from '@mairust/db/queries/user'
import { scopeOf } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { recorded, verb } from '../../verb/index.ts'
import { toEmail, toPasswordHash, toUserWire } from './internal.ts'
import { resetPasswordInput, userSchema } from './schemas.ts'

/**
 * Sets a new password from the command line. It ends all sessions and the keys that the user created, and lifts a lock-out.
 * @throws AppError NOT_FOUND, VALIDATION_ERROR
 */
export const resetPassword = verb({
  permission: 'user:write',
  input: resetPasswordInput,
  output: userSchema,
  audit: { action: 'user.reset_password', target: 'user' },
  notify: ['users'],
  run: async (ctx, { email, password }, commit) => {
    const user = await findUserByEmail(ctx.db, toEmail(email))
    if (user?.tenantId !== ctx.actor.tenantId) throw notFound('user')
    const passwordHash = await toPasswordHash(ctx, password)
    return commit(async (tx) => {
      await updateUserRow(tx, scopeOf(ctx), user.id, { passwordHash, updatedAt: ctx.now() })
      await endLogins(tx, scopeOf(ctx), user.id)
      await clearLoginFailures(tx, user.email)
      const after = { ended_api_keys: await endApiKeysOfCreator(tx, scopeOf(ctx), user.id, ctx.now()) }
      return recorded(toUserWire(user), { targetId: user.id, after })
    })
  },
})
