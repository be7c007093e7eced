import { findApiKeyWithUser, findSessionWithUser } from '@mairust/db/queries/actor'
import { updateApiKeyRow } from '@mairust/db/queries/api-key'
import { touchSession } from '@mairust/db/queries/session'
import { rolePermissions, userActor, type Actor } from '../access/index.ts'
import type { Runtime } from '../context.ts'
import { isSecretOf, readApiKey } from './api-key.ts'
import { userScope } from './access-scope.ts'
import { keyPermissions } from './key-permissions.ts'
import { hashToken, readSessionToken, SESSION_IDLE_MS } from './session.ts'

/** How often the time of last use is written, at most. */
const TOUCH_MS = 60_000

interface Credentials {
  authorization: string | null
  cookie: string | null
  ip: string
}

/**
 * Who sent a request: by its Authorization header, else by its session cookie. A header that is no valid key gives null
 * whatever the cookie says.
 * @param isUse whether the request is a use of the session, from which its idle time counts anew
 */
export const resolveActor = async (
  runtime: Runtime,
  credentials: Credentials,
  { isUse = true }: { isUse?: boolean } = {},
): Promise<Actor | null> => {
  if (credentials.authorization !== null) {
    const actor = await resolveKey(runtime, credentials.authorization, credentials.ip)
    if (actor === null) runtime.onAuthFailure()
    return actor
  }
  const token = readSessionToken(runtime.config.server.public_url, credentials.cookie)
  return token === null ? null : resolveSession(runtime, token, isUse)
}

const resolveSession = async (runtime: Runtime, token: string, isUse: boolean): Promise<Actor | null> => {
  const found = await findSessionWithUser(runtime.db, hashToken(token))
  if (found === null || found.user.suspended) return null
  const { session, user } = found
  const now = runtime.now()
  const unused = now.getTime() - session.lastSeenAt.getTime()
  if (session.expiresAt <= now || unused > SESSION_IDLE_MS) return null
  if (isUse && unused > TOUCH_MS) await noting(runtime, touchSession(runtime.db, user, session.id, now))
  return userActor(user, await userScope(runtime.db, user), session.id)
}

const resolveKey = async (runtime: Runtime, authorization: string, ip: string): Promise<Actor | null> => {
  const [, text] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  const parts = text === undefined ? null : readApiKey(text)
  if (parts === null) return null
  const found = await findApiKeyWithUser(runtime.db, parts.lookup)
  if (found === null || !isSecretOf(runtime.keys, parts.secret, found.key.secretHash)) return null
  const { key, user } = found
  const now = runtime.now()
  if (user.suspended || (key.expiresAt !== null && key.expiresAt <= now)) return null
  if (key.lastUsedAt === null || now.getTime() - key.lastUsedAt.getTime() > TOUCH_MS) {
    await noting(runtime, updateApiKeyRow(runtime.db, user, key.id, { lastUsedAt: now, lastUsedIp: ip }))
  }
  const scope = await userScope(runtime.db, user)
  return {
    ...userActor(user, scope, null),
    kind: 'api_key',
    id: key.id,
    name: key.name,
    permissions: await keyPermissions(runtime.db, key, rolePermissions(user.role), scope),
  }
}

/** A note of last use may fail, on a busy database, without failing the request. */
const noting = async (runtime: Runtime, note: Promise<unknown>): Promise<void> => {
  await note.catch((error: unknown) => {
    runtime.log.warn({ err: error }, 'The time of last use could not be noted')
  })
}
