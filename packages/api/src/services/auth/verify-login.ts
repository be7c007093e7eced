import { createId } from '@mairust/db'
import { insertLoginFailure, listLoginFailures } from '@mairust/db/queries/login-failure'
import { findUserByEmail, setPasswordHash, type UserRow } from '@mairust/db/queries/user'
import { normaliseAddress } from '@mairust/mail-core/address'
import { LOOK_BACK_MS, lockedUntil } from '../../auth/lock-out.ts'
import { createTurns } from '../../auth/turns.ts'
import type { Runtime } from '../../context.ts'
import { AppError } from '../../errors.ts'

export interface LoginAttempt {
  email: string
  password: string
  /** Address of the client. */
  address: string
}

export type LoginResult =
  | { ok: true; user: UserRow }
  | { ok: false; reason: 'wrong' }
  | { ok: false; reason: 'locked'; until: Date }
  | { ok: false; reason: 'busy' }

/** One attempt at a time for each account, so that parallel guesses cannot overtake the count. */
const inTurn = createTurns(20)

/** Longer passwords are not hashed: they are nobody's, and hashing them would cost more. */
export const MAX_PASSWORD_LENGTH = 256

/**
 * Checks a login name and password, for the API and for SMTP AUTH alike. Unknown and suspended users take as long as
 * wrong passwords, and count alike. While the account is locked for that address the password is not looked at.
 */
export const verifyLogin = async (runtime: Runtime, attempt: LoginAttempt): Promise<LoginResult> => {
  const account = normaliseAddress(attempt.email) ?? attempt.email.toLowerCase().slice(0, 320)
  const result = await inTurn(account, () => check(runtime, account, attempt)).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'UNAVAILABLE') return null
    throw error
  })
  if (result === null) return { ok: false, reason: 'busy' }
  if (!result.ok) runtime.onAuthFailure()
  return result
}

const check = async (runtime: Runtime, account: string, attempt: LoginAttempt): Promise<LoginResult> => {
  const now = runtime.now()
  const failures = await listLoginFailures(runtime.db, account, new Date(now.getTime() - LOOK_BACK_MS))
  const until = lockedUntil(failures, attempt.address, now)
  if (until !== null) return { ok: false, reason: 'locked', until }
  const user = await findUserByEmail(runtime.db, account)
  const stored = user === null || user.suspended ? null : user.passwordHash
  const tooLong = attempt.password.length > MAX_PASSWORD_LENGTH
  const right = await runtime.passwords.verify(tooLong ? null : stored, tooLong ? '' : attempt.password)
  if (!right || user === null) {
    await insertLoginFailure(runtime.db, { id: createId('aud'), account, address: attempt.address, at: runtime.now() })
    return { ok: false, reason: 'wrong' }
  }
  if (stored !== null && runtime.passwords.needsRehash(stored)) {
    await setPasswordHash(runtime.db, user, user.id, await runtime.passwords.hash(attempt.password))
  }
  return { ok: true, user }
}
