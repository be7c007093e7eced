import { mailboxTopic, createId } from '@mairust/db'
import { insertFolder } from '@mairust/db/queries/folder-edit'
import { lockMailbox } from '@mairust/db/queries/message-change'
import { scopeOf } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { verb, recorded } from '../../verb/index.ts'
import { orIdOnly } from '../../wire/index.ts'
import { nameTaken, requireFolders, toChangedFolder, toColumns, toFolderWire } from './internal.ts'
import { createFolderInput, folderSchema } from './schemas.ts'

/** Maximum number of folders in a mailbox. */
const MAX_FOLDERS = 500

/**
 * Adds a folder to a mailbox.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT if the name is taken or there are too many
 */
export const createFolder = verb({
  permission: 'folder:write',
  input: createFolderInput,
  output: orIdOnly(folderSchema),
  audit: 'folder.create',
  run: (ctx, { id: mailboxId, ...given }, commit) =>
    commit(async (tx) => {
      await lockMailbox(tx, scopeOf(ctx), mailboxId)
      const folders = await requireFolders(tx, ctx, 'folder:write', mailboxId)
      if (folders.length >= MAX_FOLDERS)
        throw new AppError('CONFLICT', `A mailbox can have at most ${MAX_FOLDERS} folders.`)
      const folder = { ...toColumns(given), name: given.name, id: createId('fld'), mailboxId, createdAt: ctx.now() }
      const row = await insertFolder(tx, scopeOf(ctx), folder)
      const after = toFolderWire(row)
      await ctx.changes.publish(tx, mailboxTopic(ctx.actor.tenantId, mailboxId))
      return recorded(toChangedFolder(ctx, mailboxId, after), { targetId: row.id, after })
    }).catch(nameTaken),
})
