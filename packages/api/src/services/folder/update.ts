import { mailboxTopic } from '@mairust/db'
import { renameFolder } from '@mairust/db/queries/folder-edit'
import { lockMailbox } from '@mairust/db/queries/message-change'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput, type IdOnly } from '../../wire/index.ts'
import { nameTaken, requireOwnFolder, toChangedFolder, toFolderWire } from './internal.ts'
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
}): Promise<FolderWire | IdOnly> => {
  requirePermission(ctx, 'folder:write')
  const { id: mailboxId, folder_id: folderId, name } = parseInput(updateFolderInput, input)
  return ctx.db
    .transaction(async (tx) => {
      await lockMailbox(tx, scopeOf(ctx), mailboxId)
      const before = toFolderWire(await requireOwnFolder(tx, ctx, mailboxId, folderId))
      if (name === undefined || name === before.name) return toChangedFolder(ctx, mailboxId, before)
      const after = { ...before, name }
      await renameFolder(tx, scopeOf(ctx), folderId, name)
      await writeAudit(tx, ctx, { action: 'folder.update', targetType: 'folder', targetId: folderId, before, after })
      await ctx.changes.publish(tx, mailboxTopic(ctx.actor.tenantId, mailboxId))
      return toChangedFolder(ctx, mailboxId, after)
    })
    .catch(nameTaken)
}
