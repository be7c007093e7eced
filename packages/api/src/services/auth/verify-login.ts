import { tenantScope } from '@mairust/db/queries/scope'
import { PASSWORD_LENGTH, passwordLength } from '@mairust/config'
import { createId, type Db } from '@mairust/db'
import { insertLoginFailure, type LoginFailure, listLoginFailures } from '@mairust/db/queries/login-failure'
import { findUserByEmail, lockUser, updateUserRow, type UserRow } from '@mairust/db/queries/user'
import { normaliseAddress } from '@mairust/mail-core/address'
import { clientKey, clientNetwork } from '@mairust/mail-core/inbound'
import { writeAudit } from '../../audit.ts'
import { currentLocks, LOOK_BACK_MS, lockedUntil } from '../../auth/lock-out.ts'
import type { Runtime } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { systemContext } from '../../runtime.ts'
import { logRefusedLogin } from './refused-login.ts'

/** Where a password was entered. */
type LoginVia = 'web' | 'submission' | 'account'

export interface LoginAttempt {
  email: string
  password: string
  /** Address of the client. */
  address: string
  via: LoginVia
  requestId: string
}

export type LoginResult =
  | { ok: true; user: UserRow }
  | { ok: false; reason: 'wrong'; why: WrongLogin }
  | { ok: false; reason: 'locked'; until: Date }
  | { ok: false; reason: 'busy' }

/** Why a login was wrong. Only for the log and the audit log: it reveals whether an account exists. */
export type WrongLogin = 'unknown_account' | 'suspended' | 'wrong_password'

/** Work that belongs to a login: it runs in the login's transaction, with the locked user. */
type SignIn = (tx: Db, user: UserRow) => Promise<void>

/**
 * Checks a login name and password, for the API and for SMTP AUTH. Unknown and suspended users take as long as wrong passwords, and
 * count the same. During a lock-out of that address the password is not checked. If the password is reset or the user suspended
 * meanwhile, the login fails.
 */
export const verifyLogin = async (runtime: Runtime, attempt: LoginAttempt, signIn?: SignIn): Promise<LoginResult> => {
  const account = normaliseAddress(attempt.email) ?? attempt.email.toLowerCase().slice(0, 320)
  const result = await runtime
    .loginQueue(account, () => check(runtime, account, attempt, signIn))
    .catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'UNAVAILABLE') return null
      throw error
    })
  if (result?.ok === true) return result
  const refused: LoginResult & { ok: false } = result ?? { ok: false, reason: 'busy' }
  // The client does not learn why; the log tells the operator.
  const why = refused.reason === 'wrong' ? refused.why : refused.reason
  const isChecked = refused.reason === 'wrong'
  if (isChecked || runtime.refusedLogins(`${why} ${clientNetwork(attempt.address)} ${why === 'locked' ? account : ''}`))
    logRefusedLogin(runtime.log, { ...attempt, account, reason: why })
  if (refused.reason !== 'busy') runtime.onAuthFailure()
  return refused
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
  const right = await passwords.verify(
    tooLong ? null : stored,
    tooLong ? '' : attempt.password,
    clientKey(attempt.address),
  )
  if (!right || found === null || stored === null) {
    const why = found === null ? 'unknown_account' : found.suspended ? 'suspended' : 'wrong_password'
    const failure = { account, address: attempt.address, at: runtime.now() }
    await db.transaction(async (tx) => {
      await insertLoginFailure(tx, { ...failure, id: createId('fail') })
      if (found !== null)
        await noteFailure(tx, runtime, { attempt, user: found, why, failures: [...failures, failure] })
    })
    return { ok: false, reason: 'wrong', why }
  }
  const passwordHash = passwords.needsRehash(stored) ? await passwords.hash(attempt.password) : stored
  const user = await db.transaction(async (tx) => {
    const current = await lockUser(tx, tenantScope(found.tenantId), found.id)
    if (current === null || current.suspended || current.passwordHash !== stored) return null
    if (passwordHash !== stored) await updateUserRow(tx, tenantScope(current.tenantId), current.id, { passwordHash })
    await signIn?.(tx, current)
    return { ...current, passwordHash }
  })
  return user === null ? check(runtime, account, attempt, signIn) : { ok: true, user }
}

interface Failure {
  attempt: LoginAttempt
  user: UserRow
  why: WrongLogin
  /** The failures of the account, with this one last. */
  failures: readonly LoginFailure[]
}

/** Audits a wrong password, and the lock-out that it causes. Failures for accounts that do not exist are only logged. */
const noteFailure = async (tx: Db, runtime: Runtime, { attempt, user, why, failures }: Failure): Promise<void> => {
  const { address, via, requestId } = attempt
  const ctx = { ...systemContext(runtime, user.tenantId, user.email), ip: address, requestId }
  const about = { targetType: 'user', targetId: user.id }
  await writeAudit(tx, ctx, { ...about, action: 'auth.login_failed', after: { reason: why, via } })
  for (const { address: from, until } of currentLocks(failures, runtime.now())) {
    if (from !== null && from !== clientKey(address)) continue
    const after = { remote_address: from, until: until.toISOString(), via }
    await writeAudit(tx, ctx, { ...about, action: 'auth.lock', after })
    runtime.log.warn(
      {
        account: user.email,
        remote_addr: address,
        until: after.until,
        everywhere: from === null,
        request_id: requestId,
      },
      'An account is locked',
    )
  }
}
