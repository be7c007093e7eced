import { mailboxTopic } from '@mairust/db'
import { renameFolder } from '@mairust/db/queries/folder-edit'
import { lockMailbox } from '@mairust/db/queries/message-change'
import { scopeOf } from '../../context.ts'
import { verb, unchanged, recorded } from '../../verb/index.ts'
import { orIdOnly } from '../../wire/index.ts'
import { nameTaken, requireOwnFolder, toChangedFolder, toFolderWire } from './internal.ts'
import { updateFolderInput, folderSchema } from './schemas.ts'

/**
 * Renames a folder that a person made.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT for folders every mailbox has, and when the name is taken
 */
export const updateFolder = verb({
  permission: 'folder:write',
  input: updateFolderInput,
  output: orIdOnly(folderSchema),
  audit: 'folder.update',
  run: (ctx, { id: mailboxId, folder_id: folderId, name }, commit) =>
    commit(async (tx) => {
      await lockMailbox(tx, scopeOf(ctx), mailboxId)
      const before = toFolderWire(await requireOwnFolder(tx, ctx, mailboxId, folderId))
      if (name === undefined || name === before.name) return unchanged(toChangedFolder(ctx, mailboxId, before))
      const after = { ...before, name }
      await renameFolder(tx, scopeOf(ctx), folderId, name)
      await ctx.changes.publish(tx, mailboxTopic(ctx.actor.tenantId, mailboxId))
      return recorded(toChangedFolder(ctx, mailboxId, after), { targetId: folderId, before, after })
    }).catch(nameTaken),
})
