import { orNotFound } from '../../errors.ts'
import { verb } from '../../verb/index.ts'
import { requireFolders, toFolderWire } from './internal.ts'
import { folderIdInput, folderSchema } from './schemas.ts'

/**
 * One folder of a mailbox with its counts.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getFolder = verb({
  permission: 'folder:read',
  input: folderIdInput,
  output: folderSchema,
  run: async (ctx, { id: mailboxId, folder_id: folderId }) => {
    const folders = await requireFolders(ctx.db, ctx, 'folder:read', mailboxId)
    const found = folders.find(({ id }) => id === folderId)
    return toFolderWire(orNotFound(found, 'folder'))
  },
})
