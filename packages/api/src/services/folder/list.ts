import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { pageOf, parseInput, type Page } from '../../wire/index.ts'
import { requireFolders, toFolderWire } from './internal.ts'
import { type FolderWire, listFoldersInput } from './schemas.ts'

/**
 * The folders of a mailbox with their counts, in the order they were made.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR
 */
export const listFolders = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof listFoldersInput>
}): Promise<Page<FolderWire>> => {
  requirePermission(ctx, 'folder:read')
  const wanted = parseInput(listFoldersInput, input)
  const folders = await requireFolders(ctx.db, ctx, 'folder:read', wanted.id)
  return pageOf(folders, wanted, toFolderWire, ({ createdAt, id }) => [createdAt.getTime(), id])
}
