import { PASSWORD_LENGTH, passwordLength } from '@mairust/config'
import { createId, type Db } from '@mairust/db'
import { insertLoginFailure, listLoginFailures } from '@mairust/db/queries/login-failure'
import { findUserByEmail, lockUser, updateUserRow, type UserRow } from '@mairust/db/queries/user'
import { normaliseAddress } from '@mairust/mail-core/address'
import { LOOK_BACK_MS, lockedUntil } from '../../auth/lock-out.ts'
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

/** What is to happen together with a login: in its transaction, with the user as they are under its lock. */
type SignIn = (tx: Db, user: UserRow) => Promise<void>

/**
 * Checks a login name and password, for the API and for SMTP AUTH alike. Unknown and suspended users take as long as
 * wrong passwords, and count alike. While the account is locked for that address the password is not looked at. Whoever
 * resets the password or suspends the user meanwhile is heard: the login holds only while the user is as they were checked.
 */
export const verifyLogin = async (runtime: Runtime, attempt: LoginAttempt, signIn?: SignIn): Promise<LoginResult> => {
  const account = normaliseAddress(attempt.email) ?? attempt.email.toLowerCase().slice(0, 320)
  const result = await runtime
    .loginTurns(account, () => check(runtime, account, attempt, signIn))
    .catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'UNAVAILABLE') return null
      throw error
    })
  if (result === null) return { ok: false, reason: 'busy' }
  if (!result.ok) runtime.onAuthFailure()
  return result
}

const check = async (
  runtime: Runtime,
  account: string,
  attempt: LoginAttempt,
  signIn: SignIn | undefined,
): Promise<LoginResult> => {
  const { db, passwords } = runtime
  const now = runtime.now()
  const failures = await listLoginFailures(db, account, new Date(now.getTime() - LOOK_BACK_MS))
  const until = lockedUntil(failures, attempt.address, now)
  if (until !== null) return { ok: false, reason: 'locked', until }
  const found = await findUserByEmail(db, account)
  const stored = found === null || found.suspended ? null : found.passwordHash
  const tooLong = passwordLength(attempt.password) > PASSWORD_LENGTH.max
  const right = await passwords.verify(tooLong ? null : stored, tooLong ? '' : attempt.password)
  if (!right || found === null || stored === null) {
    await insertLoginFailure(db, { id: createId('fail'), account, address: attempt.address, at: runtime.now() })
    return { ok: false, reason: 'wrong' }
  }
  const passwordHash = passwords.needsRehash(stored) ? await passwords.hash(attempt.password) : stored
  const user = await db.transaction(async (tx) => {
    const current = await lockUser(tx, found, found.id)
    if (current === null || current.suspended || current.passwordHash !== stored) return null
    if (passwordHash !== stored) await updateUserRow(tx, current, current.id, { passwordHash })
    await signIn?.(tx, current)
    return { ...current, passwordHash }
  })
  return user === null ? check(runtime, account, attempt, signIn) : { ok: true, user }
}
