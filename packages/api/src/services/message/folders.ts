import type { Db } from '@mairust/db'
import { type FolderRow, listFolders } from '@mairust/db/queries/folder'
import type { FolderRole } from '@mairust/db/schema'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'

/**
 * The folder of a mailbox with this id, role or name, in this order; null when there is none.
 * @param ref as a caller wrote it
 */
export const findFolderRef = async (
  db: Db,
  ctx: ServiceContext,
  mailboxId: string,
  ref: string,
): Promise<FolderRow | null> => {
  const folders = await listFolders(db, scopeOf(ctx), mailboxId)
  const wanted = ref.toLowerCase()
  return (
    folders.find((folder) => folder.id === ref) ??
    folders.find((folder) => folder.role === wanted) ??
    folders.find((folder) => folder.name.toLowerCase() === wanted) ??
    null
  )
}

/**
 * The folder of a mailbox with this role, which every mailbox has.
 * @throws AppError NOT_FOUND
 */
export const requireRoleFolder = async (
  db: Db,
  ctx: ServiceContext,
  mailboxId: string,
  role: FolderRole,
): Promise<FolderRow> => {
  const folder = await findFolderRef(db, ctx, mailboxId, role)
  if (folder?.role !== role) throw notFound('folder')
  return folder
}
