import { and, asc, eq, isNull, ne } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'
import { deleteRow, findRow, insertRow, lockRow, updateRow, type NewRow, type RowChange } from './row.ts'
import { fromPage, type RowPage, type TenantScope } from './scope.ts'

/** An API key as stored. */
export type ApiKeyRow = Tables['apiKeys']['$inferSelect']

/** Adds a key. Throws the database's unique violation when `lookup` is taken. */
export const insertApiKey = (tx: Db, scope: TenantScope, row: NewRow<Tables['apiKeys']>): Promise<ApiKeyRow> =>
  insertRow(tx, tx.tables.apiKeys, scope, row)

/** The key with this id, or null. */
export const findApiKey = (db: Db, scope: TenantScope, id: string): Promise<ApiKeyRow | null> =>
  findRow(db, db.tables.apiKeys, scope, id)

/** The key with this id, or null, locked until the end of the transaction. */
export const lockApiKey = (tx: Db, scope: TenantScope, id: string): Promise<ApiKeyRow | null> =>
  lockRow(tx, tx.tables.apiKeys, scope, id)

/** A page of keys, oldest first. */
export async function listApiKeyRows(db: Db, scope: TenantScope, page: RowPage): Promise<ApiKeyRow[]> {
  const { apiKeys: k } = db.tables
  return db
    .select()
    .from(k)
    .where(fromPage(k, scope, page))
    .orderBy(asc(k.id))
    .limit(page.limit)
}

/** How many keys act for a user, expired ones included. */
export function countApiKeysOfUser(db: Db, { tenantId }: TenantScope, userId: string): Promise<number> {
  const { apiKeys: k } = db.tables
  return db.$count(k, and(eq(k.tenantId, tenantId), eq(k.userId, userId)))
}

/** The changeable columns of a key: whom it acts for stays. */
export type ApiKeyChange = RowChange<Tables['apiKeys'], 'userId'>

/** Changes a key and returns the new row; null when there is none. Throws like `insertApiKey` when `lookup` is taken. */
export const updateApiKeyRow = (
  db: Db,
  scope: TenantScope,
  id: string,
  change: ApiKeyChange,
): Promise<ApiKeyRow | null> => updateRow(db, db.tables.apiKeys, scope, id, change)

/** Removes a key; true if it existed. */
export const deleteApiKeyRow = (db: Db, scope: TenantScope, id: string): Promise<boolean> =>
  deleteRow(db, db.tables.apiKeys, scope, id)

/** Removes the keys that act for a user; returns their ids. */
export async function deleteApiKeysOfUser(db: Db, scope: TenantScope, userId: string): Promise<string[]> {
  const { apiKeys: k } = db.tables
  const rows = await db
    .delete(k)
    .where(and(eq(k.tenantId, scope.tenantId), eq(k.userId, userId)))
    .returning({ id: k.id })
  return rows.map(({ id }) => id).sort()
}

/** Ends the keys that a user created, whoever they act for; returns those ended now, oldest first. */
export async function endApiKeysOfCreator(
  tx: Db,
  scope: TenantScope,
  createdBy: string,
  endedAt: Date,
): Promise<Pick<ApiKeyRow, 'id' | 'name'>[]> {
  const { apiKeys: k } = tx.tables
  const rows = await tx
    .update(k)
    .set({ endedAt })
    .where(and(eq(k.tenantId, scope.tenantId), eq(k.createdBy, createdBy), isNull(k.endedAt)))
    .returning({ id: k.id, name: k.name })
  return rows.sort((one, other) => (one.id < other.id ? -1 : 1))
}

/** The ids of the keys that a user created for others. */
export async function findApiKeysMadeForOthers(db: Db, scope: TenantScope, createdBy: string): Promise<string[]> {
  const { apiKeys: k } = db.tables
  const rows = await db
    .select({ id: k.id })
    .from(k)
    .where(and(eq(k.tenantId, scope.tenantId), eq(k.createdBy, createdBy), ne(k.userId, createdBy)))
    .orderBy(asc(k.id))
  return rows.map(({ id }) => id)
}
