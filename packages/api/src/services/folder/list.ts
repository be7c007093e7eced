import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { parseInput, type Page } from '../../wire/index.ts'
import { requireFolders, toFolderWire } from './internal.ts'
import { type FolderWire, listFoldersInput } from './schemas.ts'

/**
 * The folders of a mailbox with their counts, in the order they were made. Always all: a mailbox has few.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const listFolders = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof listFoldersInput>
}): Promise<Page<FolderWire>> => {
  requirePermission(ctx, 'folder:read')
  const { id } = parseInput(listFoldersInput, input)
  const folders = await requireFolders(ctx.db, ctx, id)
  return { data: folders.map(toFolderWire), pagination: { cursor: null, has_more: false } }
}
