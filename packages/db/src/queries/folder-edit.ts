import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { FolderRow } from './folder.ts'
import type { Tables } from '../schema/define.ts'
import { keyOfName, nameKey } from './name-key.ts'
import { insertRow, updateRow, type NewRow, type RowChange } from './row.ts'
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

/** What nobody sets: the role is for the folders that every mailbox has, and the rest follows from names and mail. */
type Maintained = 'nameKey' | 'role' | 'total' | 'unseen'

/** Adds a folder without a role. Throws the database's unique violation (`folders_name_key`) when the name is taken, by `nameKey`. */
export function insertFolder(
  tx: Db,
  scope: TenantScope,
  folder: NewRow<Tables['folders'], Maintained>,
): Promise<FolderRow> {
  return insertRow(tx, tx.tables.folders, scope, { ...folder, nameKey: nameKey(folder.name) })
}

/** Changes a folder and returns the new row; null when there is none. Throws like `insertFolder`. */
export const updateFolderRow = (
  tx: Db,
  scope: TenantScope,
  id: string,
  change: RowChange<Tables['folders'], Maintained | 'mailboxId'>,
): Promise<FolderRow | null> => updateRow(tx, tx.tables.folders, scope, id, { ...change, ...keyOfName(change) })

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
