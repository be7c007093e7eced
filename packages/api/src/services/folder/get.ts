import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { requireFolders, toFolderWire } from './internal.ts'
import { folderIdInput, type FolderWire } from './schemas.ts'

/**
 * One folder of a mailbox with its counts.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getFolder = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof folderIdInput>
}): Promise<FolderWire> => {
  requirePermission(ctx, 'folder:read')
  const { id: mailboxId, folder_id: folderId } = parseInput(folderIdInput, input)
  const folders = await requireFolders(ctx.db, ctx, 'folder:read', mailboxId)
  return toFolderWire(
    orNotFound(
      folders.find(({ id }) => id === folderId),
      'folder',
    ),
  )
}
