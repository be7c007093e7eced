import { and, asc, eq, sql, type SQL } from 'drizzle-orm'
import { insertRows } from '../dialect/bulk.ts'
import type { Db } from '../client/db.ts'
import { createId } from '../id.ts'
import { ANYWHERE, FOLDER_ROLES, type FolderRole } from '../schema/folder.ts'
import type { Tables } from '../schema/define.ts'
import { nameKey } from './name-key.ts'
import { type MailboxScope, ofMailboxes, type TenantScope } from './scope.ts'

/** A folder as stored. */
export type FolderRow = Tables['folders']['$inferSelect']

/** Stored names of the folders with a role; the UI shows its own. */
export const DEFAULT_FOLDER_NAMES: Readonly<Record<FolderRole, string>> = {
  inbox: 'Inbox',
  sent: 'Sent',
  drafts: 'Drafts',
  archive: 'Archive',
  junk: 'Junk',
  trash: 'Trash',
  quarantine: 'Quarantine',
}

/** Creates the folders that every mailbox has. */
export async function createDefaultFolders(
  tx: Db,
  scope: TenantScope,
  mailboxId: string,
  createdAt: Date,
): Promise<void> {
  const rows = FOLDER_ROLES.map((role) => ({
    tenantId: scope.tenantId,
    id: createId('fld'),
    mailboxId,
    name: DEFAULT_FOLDER_NAMES[role],
    nameKey: nameKey(DEFAULT_FOLDER_NAMES[role]),
    role,
    total: 0,
    unseen: 0,
    createdAt,
  }))
  await insertRows(tx, tx.tables.folders, rows)
}

/** The folders of a mailbox in order of creation. */
export async function listFolders(db: Db, scope: TenantScope, mailboxId: string): Promise<FolderRow[]> {
  const { folders } = db.tables
  return db
    .select()
    .from(folders)
    .where(and(eq(folders.tenantId, scope.tenantId), eq(folders.mailboxId, mailboxId)))
    .orderBy(asc(folders.createdAt), asc(folders.id))
}

/**
 * The folder of a mailbox with this id, role or name (compared by `nameKey`), or null. No folder's name is the id or role of
 * another.
 */
export async function findFolder(
  db: Db,
  scope: TenantScope,
  mailboxId: string,
  ref: string,
): Promise<FolderRow | null> {
  const { folders } = db.tables
  const rows = await db
    .select()
    .from(folders)
    .where(and(eq(folders.tenantId, scope.tenantId), eq(folders.mailboxId, mailboxId), folderMatches(db, ref)))
  return rows[0] ?? null
}

/** Whether a mailbox of the scope has a folder with this id, role or name. Roles and `anywhere` are valid in any mailbox. */
export async function hasFolder(db: Db, scope: MailboxScope, ref: string): Promise<boolean> {
  const key = nameKey(ref)
  if (key === ANYWHERE || FOLDER_ROLES.some((role) => role === key)) return true
  const { folders } = db.tables
  const rows = await db
    .select({ id: folders.id })
    .from(folders)
    .where(ofMailboxes(folders, scope, folderMatches(db, ref)))
    .limit(1)
  return rows.length > 0
}

/** The condition on `folders` for this id, role or name; never null. */
export function folderMatches(db: Db, ref: string): SQL {
  const { folders } = db.tables
  const key = nameKey(ref)
  return sql`(${folders.id} = ${ref} or ${folders.nameKey} = ${key} or coalesce(${folders.role}, '') = ${key})`
}
