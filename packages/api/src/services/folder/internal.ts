import { isUniqueViolation, type Db } from '@mairust/db'
import { type FolderRow, listFolders } from '@mairust/db/queries/folder'
import { canSeeMailbox } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Columns, IdOnly } from '../../wire/index.ts'
import type { FolderFields, FolderWire } from './schemas.ts'

/** The one place where a folder's row becomes its wire form. */
export const toFolderWire = ({ id, name, role, total, unseen }: FolderRow): FolderWire => ({
  id,
  name,
  role,
  total,
  unseen,
})

/** The columns that are stored as given, for a new folder and for a change. */
export const toColumns = (given: FolderFields): Columns<FolderRow, FolderFields> => ({ name: given.name })

/** What a change returns: the folder with its counts, or only its id if the actor may write but not read. */
export const toChangedFolder = (ctx: ServiceContext, mailboxId: string, wire: FolderWire): FolderWire | IdOnly =>
  canSeeMailbox(ctx, 'folder:read', mailboxId) ? wire : { id: wire.id }

/**
 * The folders of a mailbox for which the actor has the permission.
 * @throws AppError NOT_FOUND for the mailbox; every mailbox has folders
 */
export const requireFolders = async (
  db: Db,
  ctx: ServiceContext,
  permission: 'folder:read' | 'folder:write',
  mailboxId: string,
): Promise<FolderRow[]> => {
  const folders = canSeeMailbox(ctx, permission, mailboxId) ? await listFolders(db, scopeOf(ctx), mailboxId) : []
  if (folders.length === 0) throw notFound('mailbox')
  return folders
}

/**
 * A folder that may be changed: one that a user created.
 * @throws AppError NOT_FOUND, CONFLICT
 */
export const requireOwnFolder = async (
  db: Db,
  ctx: ServiceContext,
  mailboxId: string,
  folderId: string,
): Promise<FolderRow> => {
  const folder = (await requireFolders(db, ctx, 'folder:write', mailboxId)).find(({ id }) => id === folderId)
  if (folder === undefined) throw notFound('folder')
  if (folder.role !== null)
    throw new AppError('CONFLICT', 'Every mailbox needs this folder; it cannot be renamed or removed.')
  return folder
}

/** For `catch`: CONFLICT if the mailbox already has a folder with this name. */
export const nameTaken = (error: unknown): never => {
  if (isUniqueViolation(error))
    throw new AppError('CONFLICT', 'There is already a folder with this name.', { cause: error })
  throw error
}
