import { and, eq, inArray, or } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { ApiKeyRow } from './api-key.ts'
import type { SessionRow } from './session.ts'
import type { Tables } from '../schema/define.ts'

type UserRow = Tables['users']['$inferSelect']

/** The session of a cookie and its user, or null. Free of tenant: the cookie is what tells it. */
export async function findSessionWithUser(
  db: Db,
  tokenHash: string,
): Promise<{ session: SessionRow; user: UserRow } | null> {
  const { sessions: s, users: u } = db.tables
  const rows = await db
    .select({ session: s, user: u })
    .from(s)
    .innerJoin(u, and(eq(u.tenantId, s.tenantId), eq(u.id, s.userId)))
    .where(eq(s.tokenHash, tokenHash))
    .limit(1)
  return rows[0] ?? null
}

/** The key with this clear part and the user it acts for, or null. Free of tenant: the key is what tells it. */
export async function findApiKeyWithUser(db: Db, lookup: string): Promise<{ key: ApiKeyRow; user: UserRow } | null> {
  const { apiKeys: k, users: u } = db.tables
  const rows = await db
    .select({ key: k, user: u })
    .from(k)
    .innerJoin(u, and(eq(u.tenantId, k.tenantId), eq(u.id, k.userId)))
    .where(eq(k.lookup, lookup))
    .limit(1)
  return rows[0] ?? null
}

/** The domains of the tenant among these names and ids. */
export async function findDomainIds(
  db: Db,
  scope: { tenantId: string },
  namesOrIds: readonly string[],
): Promise<string[]> {
  if (namesOrIds.length === 0) return []
  const { domains: d } = db.tables
  const rows = await db
    .select({ id: d.id })
    .from(d)
    .where(and(eq(d.tenantId, scope.tenantId), or(inArray(d.name, [...namesOrIds]), inArray(d.id, [...namesOrIds]))))
  return rows.map((row) => row.id)
}

/** The mailboxes of the tenant that a user owns, that lie in these domains, or that have one of these addresses or ids. */
export async function findMailboxIds(
  db: Db,
  scope: { tenantId: string },
  wanted: { userId?: string; domainIds?: readonly string[]; addressesOrIds?: readonly string[] },
): Promise<string[]> {
  const { mailboxes: m } = db.tables
  const domainIds = wanted.domainIds ?? []
  const named = wanted.addressesOrIds ?? []
  const any = [
    ...(wanted.userId === undefined ? [] : [eq(m.userId, wanted.userId)]),
    ...(domainIds.length === 0 ? [] : [inArray(m.domainId, [...domainIds])]),
    ...(named.length === 0 ? [] : [inArray(m.address, [...named]), inArray(m.id, [...named])]),
  ]
  if (any.length === 0) return []
  const rows = await db
    .select({ id: m.id })
    .from(m)
    .where(and(eq(m.tenantId, scope.tenantId), or(...any)))
  return rows.map((row) => row.id)
}

/**
 * Locks a tenant until the end of the transaction, for rules over several of its rows (the last administrator) that two
 * transactions could break together.
 */
export async function lockTenant(tx: Db, scope: { tenantId: string }): Promise<void> {
  const { tenants } = tx.tables
  await tx.update(tenants).set({ id: scope.tenantId }).where(eq(tenants.id, scope.tenantId))
}
