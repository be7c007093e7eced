import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'
import { own } from './scope.ts'

/** An API key as stored. */
export type ApiKeyRow = Tables['apiKeys']['$inferSelect']

/** Adds a key. Throws the database's unique violation when `lookup` is taken. */
export async function insertApiKey(
  tx: Db,
  scope: { tenantId: string },
  row: Omit<ApiKeyRow, 'tenantId'>,
): Promise<void> {
  await tx.insert(tx.tables.apiKeys).values({ ...row, tenantId: scope.tenantId })
}

/** The key with this id, or null. */
export async function findApiKey(db: Db, scope: { tenantId: string }, id: string): Promise<ApiKeyRow | null> {
  const { apiKeys: k } = db.tables
  const rows = await db
    .select()
    .from(k)
    .where(own(k, scope, id))
  return rows[0] ?? null
}

/** A page of keys, oldest first; `after` is the last id of the page before. `userIds` narrows to those owners. */
export async function listApiKeyRows(
  db: Db,
  scope: { tenantId: string },
  page: { limit: number; after?: string | undefined; userIds?: readonly string[] | undefined },
): Promise<ApiKeyRow[]> {
  const { apiKeys: k } = db.tables
  return db
    .select()
    .from(k)
    .where(
      and(
        eq(k.tenantId, scope.tenantId),
        page.after === undefined ? undefined : gt(k.id, page.after),
        page.userIds === undefined ? undefined : inArray(k.userId, [...page.userIds]),
      ),
    )
    .orderBy(asc(k.id))
    .limit(page.limit)
}

/** Replaces a key's secret. */
export async function updateApiKeySecret(
  tx: Db,
  scope: { tenantId: string },
  id: string,
  secret: { lookup: string; secretHash: string; expiresAt: Date | null },
): Promise<void> {
  const { apiKeys: k } = tx.tables
  await tx
    .update(k)
    .set({ ...secret, lastUsedAt: null, lastUsedIp: null })
    .where(own(k, scope, id))
}

/** Notes when and from where a key was last used. */
export async function touchApiKey(
  db: Db,
  scope: { tenantId: string },
  id: string,
  used: { at: Date; ip: string },
): Promise<void> {
  const { apiKeys: k } = db.tables
  await db
    .update(k)
    .set({ lastUsedAt: used.at, lastUsedIp: used.ip })
    .where(own(k, scope, id))
}

/** Removes a key; false when there is none. */
export async function deleteApiKey(tx: Db, scope: { tenantId: string }, id: string): Promise<boolean> {
  const { apiKeys: k } = tx.tables
  const rows = await tx
    .delete(k)
    .where(own(k, scope, id))
    .returning({ id: k.id })
  return rows.length > 0
}
