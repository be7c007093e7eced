import { verb } from '../../verb/index.ts'
import { pageOf, listOutput } from '../../wire/index.ts'
import { requireFolders, toFolderWire } from './internal.ts'
import { listFoldersInput, folderSchema } from './schemas.ts'

/**
 * The folders of a mailbox with their counts, oldest first.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR
 */
export const listFolders = verb({
  permission: 'folder:read',
  input: listFoldersInput,
  output: listOutput(folderSchema),
  run: async (ctx, wanted) => {
    const folders = await requireFolders(ctx.db, ctx, 'folder:read', wanted.id)
    return pageOf(folders, wanted, toFolderWire, ({ createdAt, id }) => [createdAt.getTime(), id])
  },
})
