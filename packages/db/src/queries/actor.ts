import { and, eq } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { ApiKeyRow } from './api-key.ts'
import type { SessionRow } from './session.ts'
import type { Tables } from '../schema/define.ts'

type UserRow = Tables['users']['$inferSelect']

/** The session of a cookie and its user, or null. Takes no tenant: the cookie determines it. */
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

/** The key with this clear part and the user it acts for, or null. Takes no tenant: the key determines it. */
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
