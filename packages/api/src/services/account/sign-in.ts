import { listAuditEntries } from '@mairust/db/queries/audit'
import { listLoginFailures } from '@mairust/db/queries/login-failure'
import { currentLocks, LOOK_BACK_MS } from '../../auth/lock-out.ts'
import { requireRole } from '../../access/index.ts'
import { scopeOf } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { wireTime } from '../../wire/index.ts'
import { liveSessionsOf } from '../auth/internal.ts'
import { requireUser } from '../user/internal.ts'
import { userIdInput } from '../user/schemas.ts'
import { signInSchema } from './schemas.ts'

const RECENT = 20
/** Whether an audit entry about a user bears on whether they can sign in. */
const isAboutSignIn = (action: string): boolean =>
  action.startsWith('auth.') || action === 'account.password' || action === 'user.reset_password'

/**
 * What may keep a user from signing in: suspension, lock-outs, and their latest attempts.
 * @throws AppError FORBIDDEN, also for a user with a higher role, NOT_FOUND
 */
export const getSignIn = verb({
  permission: 'user:read',
  input: userIdInput,
  output: signInSchema,
  run: async (ctx, { id }) => {
    const user = await requireUser(ctx.db, ctx, 'user:read', id)
    // From where somebody signs in is theirs, like their mail.
    requireRole(ctx, user.role)
    const now = ctx.now()
    const [failures, sessions, entries] = await Promise.all([
      listLoginFailures(ctx.db, user.email, new Date(now.getTime() - LOOK_BACK_MS)),
      liveSessionsOf(ctx, id),
      listAuditEntries(ctx.db, scopeOf(ctx), { targetType: 'user', targetId: id }, { limit: 200 }),
    ])
    const recent = entries.filter(({ action }) => isAboutSignIn(action))
    const login = recent.find(({ action }) => action === 'auth.login')
    return {
      user_id: user.id,
      email: user.email,
      suspended: user.suspended,
      locks: currentLocks(failures, now).map(({ address, until }) => ({
        remote_address: address,
        until: wireTime(until),
      })),
      sessions: sessions.length,
      last_login_at: login === undefined ? null : wireTime(login.at),
      recent: recent.slice(0, RECENT).map(({ at, action, after, ip }) => ({
        at: wireTime(at),
        action,
        reason: textOf(after?.['reason']),
        via: textOf(after?.['via']),
        remote_address: ip,
      })),
    }
  },
})

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
