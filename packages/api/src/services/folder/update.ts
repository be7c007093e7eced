import { mailboxTopic } from '@mairust/db'
import { updateFolderRow } from '@mairust/db/queries/folder-edit'
import { lockMailbox } from '@mairust/db/queries/message-change'
import { scopeOf } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { verb, unchanged, recorded } from '../../verb/index.ts'
import { changesNothing, orIdOnly } from '../../wire/index.ts'
import { nameTaken, requireOwnFolder, toChangedFolder, toColumns, toFolderWire } from './internal.ts'
import { updateFolderInput, folderSchema } from './schemas.ts'

/**
 * Renames a folder that a user created.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT for folders that every mailbox needs, and if the name is taken
 */
export const updateFolder = verb({
  permission: 'folder:write',
  input: updateFolderInput,
  output: orIdOnly(folderSchema),
  audit: 'folder.update',
  run: (ctx, { id: mailboxId, folder_id: folderId, ...given }, commit) =>
    commit(async (tx) => {
      await lockMailbox(tx, scopeOf(ctx), mailboxId)
      const row = await requireOwnFolder(tx, ctx, mailboxId, folderId)
      const before = toFolderWire(row)
      const change = toColumns(given)
      if (changesNothing(change, row)) return unchanged(toChangedFolder(ctx, mailboxId, before))
      const after = toFolderWire(orNotFound(await updateFolderRow(tx, scopeOf(ctx), folderId, change), 'folder'))
      await ctx.changes.publish(tx, mailboxTopic(ctx.actor.tenantId, mailboxId))
      return recorded(toChangedFolder(ctx, mailboxId, after), { targetId: folderId, before, after })
    }).catch(nameTaken),
})
