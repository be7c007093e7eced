import type { Runtime } from '../../context.ts'
import { AppError } from '../../errors.ts'

/** The error during a lock-out. */
export const lockedOut = (runtime: Pick<Runtime, 'now'>, until: Date): AppError =>
  new AppError('RATE_LIMITED', 'Too many wrong passwords. Wait 15 minutes, or have the password reset.', {
    retryAfter: Math.max(1, Math.ceil((until.getTime() - runtime.now().getTime()) / 1000)),
  })

/** The error when too many passwords wait to be checked. */
export const tooManyLogins = (): AppError =>
  new AppError('UNAVAILABLE', 'Too many logins at the moment. Try again.', { retryAfter: 5 })
