import type { Db } from '@mairust/db'
import { findFolder, type FolderRow } from '@mairust/db/queries/folder'
import type { FolderRole } from '@mairust/db/schema'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'

/**
 * The folder with this role; every mailbox has one.
 * @throws AppError NOT_FOUND
 */
export const requireRoleFolder = async (
  db: Db,
  ctx: ServiceContext,
  mailboxId: string,
  role: FolderRole,
): Promise<FolderRow> => {
  const folder = await findFolder(db, scopeOf(ctx), mailboxId, role)
  if (folder?.role !== role) throw notFound('folder')
  return folder
}
