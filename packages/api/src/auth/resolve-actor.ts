import { tenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import { findApiKeyWithUser, findSessionWithUser } from '@mairust/db/queries/actor'
import { updateApiKeyRow, type ApiKeyRow } from '@mairust/db/queries/api-key'
import { touchSession } from '@mairust/db/queries/session'
import { findUser, type UserRow } from '@mairust/db/queries/user'
import { intersectScopes, lowerRole, NOTHING, rolePermissions, userActor, type Actor } from '../access/index.ts'
import type { Runtime } from '../context.ts'
import { AppError } from '../errors.ts'
import { isSecretOf, readApiKey } from './api-key.ts'
import { userScope } from './access-scope.ts'
import { keyPermissions } from './key-permissions.ts'
import { ENDED, keyStanding } from './key-standing.ts'
import { hashToken, readSessionToken, SESSION_IDLE_MS } from './session.ts'

/** The time of last use is written at most this often. */
const TOUCH_MS = 60_000

/** What identifies the sender of a request. */
export interface Credentials {
  authorization: string | null
  cookie: string | null
  ip: string
}

/** Who sent a request, or why the sender is unknown; `problem` is null for a request without an API key. */
export type Caller =
  { actor: Actor; problem: null } | { actor: null; problem: string | null; keyId?: string | undefined }

interface UseOptions {
  /** Whether this counts as a use of the session or key: it is recorded, and restarts a session's idle time. */
  isUse?: boolean
}

/**
 * Finds out who sent a request, by its Authorization header or else its session cookie. A request with an invalid key is
 * anonymous, whatever its cookie says.
 */
export const resolveCaller = async (
  runtime: Runtime,
  credentials: Credentials,
  { isUse = true }: UseOptions = {},
): Promise<Caller> => {
  const caller = await lookUp(runtime, credentials, isUse)
  const credential = credentialOf(runtime.config.server.public_url, credentials)
  if (credential !== null) runtime.known.note(credential, caller.actor)
  return caller
}

const lookUp = async (runtime: Runtime, credentials: Credentials, isUse: boolean): Promise<Caller> => {
  if (credentials.authorization !== null) {
    const caller = await resolveKey(runtime, credentials.authorization, credentials.ip, isUse)
    if (caller.actor === null) {
      runtime.onAuthFailure()
      const { problem: why, keyId: key_id } = caller
      runtime.log.info({ reason: why, key_id, remote_addr: credentials.ip }, 'An API key was refused')
    }
    return caller
  }
  const token = readSessionToken(runtime.config.server.public_url, credentials.cookie)
  const actor = token === null ? null : await resolveSession(runtime, token, isUse)
  return actor === null ? { actor, problem: null } : { actor, problem: null }
}

/** What `resolveCaller` would look up: an Authorization header or else a session cookie; null for neither. */
export const credentialOf = (
  publicUrl: string,
  { authorization, cookie }: Pick<Credentials, 'authorization' | 'cookie'>,
): string | null => authorization ?? readSessionToken(publicUrl, cookie)

/** Like `resolveCaller`, without the reason. */
export const resolveActor = async (
  runtime: Runtime,
  credentials: Credentials,
  options?: UseOptions,
): Promise<Actor | null> => (await resolveCaller(runtime, credentials, options)).actor

/** The error for an anonymous request. */
export const unauthorized = (problem: string | null): AppError =>
  new AppError('UNAUTHORIZED', problem ?? 'Sign in, or send an API key.')

const resolveSession = async (runtime: Runtime, token: string, isUse: boolean): Promise<Actor | null> => {
  const found = await findSessionWithUser(runtime.db, hashToken(token))
  if (found === null || found.user.suspended) return null
  const { session, user } = found
  const now = runtime.now()
  const unused = now.getTime() - session.lastSeenAt.getTime()
  if (session.expiresAt <= now || unused > SESSION_IDLE_MS) return null
  if (isUse && unused > TOUCH_MS)
    await recordUse(runtime, touchSession(runtime.db, tenantScope(user.tenantId), session.id, now))
  return userActor(user, await userScope(runtime.db, user), session.id)
}

/** The same answer for an unknown, revoked or mistyped key: callers without the secret learn nothing about keys. */
const NO_KEY = {
  actor: null,
  problem: 'The API key is not valid. It may be mistyped, or have been revoked or rotated.',
}

const resolveKey = async (runtime: Runtime, authorization: string, ip: string, isUse: boolean): Promise<Caller> => {
  const [, text] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  const parts = text === undefined ? null : readApiKey(text)
  if (parts === null) return NO_KEY
  const found = await findApiKeyWithUser(runtime.db, parts.lookup)
  if (found === null || !isSecretOf(runtime.keys, parts.secret, found.key.secretHash)) return NO_KEY
  const { key, user } = found
  const maker = await findMaker(runtime.db, key, user)
  const now = runtime.now()
  const { status, reason } = keyStanding(key, { user, maker }, now)
  if (status === 'ended')
    return { actor: null, problem: reason === null ? NO_KEY.problem : ENDED[reason], keyId: key.id }
  if (isUse && (key.lastUsedAt === null || now.getTime() - key.lastUsedAt.getTime() > TOUCH_MS)) {
    await recordUse(
      runtime,
      updateApiKeyRow(runtime.db, tenantScope(user.tenantId), key.id, { lastUsedAt: now, lastUsedIp: ip }),
    )
  }
  const holders = maker === null || maker.id === user.id ? [user] : [user, maker]
  const [scope, ...others] = await Promise.all(holders.map((holder) => userScope(runtime.db, holder)))
  const role = lowerRole(user.role, maker?.role ?? user.role)
  return {
    actor: {
      ...userActor(user, NOTHING, null),
      kind: 'api_key',
      id: key.id,
      name: key.name,
      mailOwnerId: holders.length === 1 ? user.id : null,
      voucherId: key.createdBy ?? user.id,
      endsAt: key.expiresAt,
      role,
      permissions: await keyPermissions(
        runtime.db,
        key,
        rolePermissions(role),
        others.reduce(intersectScopes, scope ?? NOTHING),
      ),
    },
    problem: null,
  }
}

const findMaker = async (db: Db, { createdBy }: ApiKeyRow, user: UserRow): Promise<UserRow | null> => {
  if (createdBy === null) return null
  return createdBy === user.id ? user : findUser(db, tenantScope(user.tenantId), createdBy)
}

/** Recording the last use may fail, for instance on a busy database, without failing the request. */
const recordUse = async (runtime: Runtime, write: Promise<unknown>): Promise<void> => {
  await write.catch((error: unknown) => {
    runtime.log.warn({ err: error }, 'The time of last use could not be recorded')
  })
}
