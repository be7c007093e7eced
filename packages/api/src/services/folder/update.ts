import { renameFolder } from '@mairust/db/queries/folder-edit'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { mailboxTopic } from '../message/internal.ts'
import { nameTaken, requireFreeName, requireOwnFolder, toFolderWire } from './internal.ts'
import { type FolderWire, updateFolderInput } from './schemas.ts'

/**
 * Renames a folder that a person made.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT for folders every mailbox has, and when the name is taken
 */
export const updateFolder = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof updateFolderInput>
}): Promise<FolderWire> => {
  requirePermission(ctx, 'folder:write')
  const { id: mailboxId, folder_id: folderId, name } = parseInput(updateFolderInput, input)
  if (name !== undefined) requireFreeName(name)
  return ctx.db
    .transaction(async (tx) => {
      const row = await requireOwnFolder(tx, ctx, mailboxId, folderId)
      if (name === undefined) return toFolderWire(row)
      await renameFolder(tx, scopeOf(ctx), folderId, name)
      await ctx.changes.publish(tx, mailboxTopic(mailboxId))
      return toFolderWire({ ...row, name })
    })
    .catch(nameTaken)
}
