import { endApiKeysOfCreator } from '@mairust/db/queries/api-key'
import { endLogins } from '@mairust/db/queries/session'
import { lockUser, updateUserRow } from '@mairust/db/queries/user'
import { scopeOf } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'
import { verb, recorded } from '../../verb/index.ts'
import { lockedOut, tooManyLogins } from '../auth/refusal.ts'
import { verifyLogin } from '../auth/verify-login.ts'
import { toPasswordHash, toUserWire } from '../user/internal.ts'
import { requireSelf } from './internal.ts'
import { changePasswordInput, passwordChangedSchema } from './schemas.ts'

/**
 * Changes the caller's own password. A wrong current password counts towards the lock-out. All other sessions end. The API keys that
 * the user created end too, as after a reset, because a thief may have created one; `end_api_keys: false` keeps them.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, RATE_LIMITED during a lock-out, CONFLICT if the password was changed
 * meanwhile, UNAVAILABLE
 */
export const changePassword = verb({
  permission: 'account:write',
  input: changePasswordInput,
  output: passwordChangedSchema,
  audit: { action: 'account.password', target: 'user' },
  notify: ['users'],
  run: async (ctx, { current_password: current, password, end_api_keys: endKeys }, commit) => {
    const { email } = await requireSelf(ctx.db, ctx)
    if (password === current) throw invalidField('password', 'must differ from the current one')
    const attempt = { email, password: current, address: ctx.ip, via: 'account' as const, requestId: ctx.requestId }
    const login = await verifyLogin(ctx, attempt)
    if (!login.ok) {
      if (login.reason === 'locked') throw lockedOut(ctx, login.until)
      throw login.reason === 'busy' ? tooManyLogins() : invalidField('current_password', 'is not your current password')
    }
    const passwordHash = await toPasswordHash(ctx, password)
    return commit(async (tx) => {
      const user = await requireSelf(tx, ctx, lockUser)
      if (user.suspended || user.passwordHash !== login.user.passwordHash) {
        throw new AppError('CONFLICT', 'Someone else has just changed your account. Sign in again.')
      }
      await updateUserRow(tx, scopeOf(ctx), user.id, { passwordHash, updatedAt: ctx.now() })
      await endLogins(tx, scopeOf(ctx), user.id, { except: ctx.actor.sessionId })
      const ended = endKeys ? await endApiKeysOfCreator(tx, scopeOf(ctx), user.id, ctx.now()) : []
      const after = { ended_api_keys: ended }
      return recorded({ ...toUserWire(user), ...after }, { targetId: user.id, after })
    })
  },
})
