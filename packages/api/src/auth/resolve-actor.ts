import { findApiKeyWithUser, findDomainIds, findMailboxIds, findSessionWithUser } from '@mairust/db/queries/actor'
import { touchApiKey, type ApiKeyRow } from '@mairust/db/queries/api-key'
import { touchSession } from '@mairust/db/queries/session'
import { rolePermissions, scopePermissions, type Actor, type Permission } from '../access/index.ts'
import type { Runtime } from '../context.ts'
import { isSecretOf, readApiKey } from './api-key.ts'
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
 */
export const resolveActor = async (runtime: Runtime, credentials: Credentials): Promise<Actor | null> => {
  if (credentials.authorization !== null) {
    const actor = await resolveKey(runtime, credentials.authorization, credentials.ip)
    if (actor === null) runtime.onAuthFailure()
    return actor
  }
  const token = readSessionToken(runtime.config.server.public_url, credentials.cookie)
  return token === null ? null : resolveSession(runtime, token)
}

const resolveSession = async (runtime: Runtime, token: string): Promise<Actor | null> => {
  const found = await findSessionWithUser(runtime.db, hashToken(token))
  if (found === null || found.user.suspended) return null
  const { session, user } = found
  const now = runtime.now()
  const unused = now.getTime() - session.lastSeenAt.getTime()
  if (session.expiresAt <= now || unused > SESSION_IDLE_MS) return null
  if (unused > TOUCH_MS) await noting(runtime, touchSession(runtime.db, user, session.id, now))
  return {
    kind: 'user',
    id: user.id,
    name: user.email,
    tenantId: user.tenantId,
    userId: user.id,
    email: user.email,
    role: user.role,
    permissions: rolePermissions(user.role),
    ...(await reachOf(runtime, user)),
    sessionId: session.id,
  }
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
    await noting(runtime, touchApiKey(runtime.db, user, key.id, { at: now, ip }))
  }
  const granted = scopePermissions(key.scopes)
  const reach = await reachOf(runtime, user)
  const narrowed = await narrowedReach(runtime, key, reach)
  return {
    kind: 'api_key',
    id: key.id,
    name: key.name,
    tenantId: user.tenantId,
    userId: user.id,
    email: user.email,
    role: user.role,
    permissions: new Set(
      [...rolePermissions(user.role)].filter(
        (permission) => granted.has(permission) && (narrowed === null || !TENANT_WIDE.has(permission)),
      ),
    ),
    ...(narrowed ?? reach),
    sessionId: null,
  }
}

type Reach = Pick<Actor, 'mailboxIds' | 'domainIds'>

/** What a user's role lets them see. */
const reachOf = async (
  runtime: Runtime,
  user: { tenantId: string; id: string; email: string; role: Actor['role'] },
): Promise<Reach> => {
  if (user.role === 'super_admin' || user.role === 'tenant_admin') return { mailboxIds: 'all', domainIds: 'all' }
  const domainIds =
    user.role === 'domain_admin'
      ? await findDomainIds(runtime.db, user, [user.email.slice(user.email.lastIndexOf('@') + 1)])
      : []
  return { domainIds, mailboxIds: await findMailboxIds(runtime.db, user, { userId: user.id, domainIds }) }
}

/** What no key holds that is narrowed to domains or mailboxes: it would reach beyond them. */
const TENANT_WIDE: ReadonlySet<Permission> = new Set<Permission>([
  'account:write',
  'api_key:read',
  'api_key:write',
  'audit:read',
  'domain:write',
  'domain:activate',
  'setting:read',
  'setting:write',
  'user:read',
  'user:write',
])

/** The reach of a narrowed key, or null when it is not narrowed. The narrowing of one scope holds for the whole key. */
const narrowedReach = async (runtime: Runtime, key: ApiKeyRow, reach: Reach): Promise<Reach | null> => {
  const domains = key.scopes.flatMap((scope) => scope.domains ?? [])
  const mailboxes = key.scopes.flatMap((scope) => scope.mailboxes ?? [])
  if (!key.scopes.some((scope) => scope.domains !== undefined || scope.mailboxes !== undefined)) return null
  const domainIds = within(await findDomainIds(runtime.db, key, domains), reach.domainIds)
  const found = await findMailboxIds(runtime.db, key, { domainIds, addressesOrIds: mailboxes })
  return { domainIds, mailboxIds: within(found, reach.mailboxIds) }
}

const within = (ids: string[], allowed: 'all' | readonly string[]): string[] =>
  allowed === 'all' ? ids : ids.filter((id) => allowed.includes(id))

/** A note of last use may fail, on a busy database, without failing the request. */
const noting = async (runtime: Runtime, note: Promise<void>): Promise<void> => {
  await note.catch((error: unknown) => {
    runtime.log.warn({ error: String(error) }, 'The time of last use could not be noted')
  })
}
