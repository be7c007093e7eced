import type { Runtime } from '../../context.ts'
import { AppError } from '../../errors.ts'

/** What is said while an account is locked. */
export const lockedOut = (runtime: Pick<Runtime, 'now'>, until: Date): AppError =>
  new AppError('RATE_LIMITED', 'Too many wrong passwords. Wait 15 minutes, or have the password reset.', {
    retryAfter: Math.max(1, Math.ceil((until.getTime() - runtime.now().getTime()) / 1000)),
  })

/** What is said when more passwords wait to be checked than is good. */
export const tooManyLogins = (): AppError =>
  new AppError('UNAVAILABLE', 'Too many logins at the moment. Try again.', { retryAfter: 5 })
