import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { FolderRow } from './folder.ts'
import { nameKey } from './name-key.ts'
import { own, type TenantScope } from './scope.ts'

/** The folders with these ids, by id. */
export async function foldersById(db: Db, scope: TenantScope, ids: readonly string[]): Promise<Map<string, FolderRow>> {
  const distinct = [...new Set(ids)]
  if (distinct.length === 0) return new Map()
  const { folders } = db.tables
  const rows = await db
    .select()
    .from(folders)
    .where(and(eq(folders.tenantId, scope.tenantId), inArray(folders.id, distinct)))
  return new Map(rows.map((row) => [row.id, row]))
}

/** Adds a folder without a role. Throws the database's unique violation (`folders_name_key`) when the name is taken, by `nameKey`. */
export async function insertFolder(
  tx: Db,
  scope: TenantScope,
  folder: { id: string; mailboxId: string; name: string; createdAt: Date },
): Promise<FolderRow> {
  const row = { tenantId: scope.tenantId, role: null, total: 0, unseen: 0, nameKey: nameKey(folder.name), ...folder }
  await tx.insert(tx.tables.folders).values(row)
  return row
}

/** Renames a folder. Throws like `insertFolder`. */
export async function renameFolder(tx: Db, scope: TenantScope, id: string, name: string): Promise<void> {
  const { folders } = tx.tables
  await tx
    .update(folders)
    .set({ name, nameKey: nameKey(name) })
    .where(own(folders, scope, id))
}

/** Removes a folder, which must be empty. */
export async function deleteFolder(tx: Db, scope: TenantScope, id: string): Promise<void> {
  const { folders } = tx.tables
  await tx.delete(folders).where(own(folders, scope, id))
}

/** Ids of the messages in a folder, at most `limit`, by id. */
export async function messageIdsInFolder(
  db: Db,
  scope: TenantScope,
  folderId: string,
  limit: number,
): Promise<string[]> {
  const { messages } = db.tables
  const rows = await db
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.tenantId, scope.tenantId), eq(messages.folderId, folderId)))
    .limit(limit)
  return rows.map((row) => row.id)
}
