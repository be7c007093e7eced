import { type Db, mailboxTopic } from '@mairust/db'
import { deleteFolder, messageIdsInFolder } from '@mairust/db/queries/folder-edit'
import { findMessagesForChange, lockMailbox } from '@mairust/db/queries/message-change'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { type Outcome, removed, unchanged, verb } from '../../verb/index.ts'
import { type Removal, removalSchema } from '../../wire/index.ts'
import { trashMessages } from '../message/change.ts'
import { mailScope } from '../message/internal.ts'
import { requireOwnFolder, toFolderWire } from './internal.ts'
import { folderIdInput } from './schemas.ts'

/** Number of messages that one transaction moves: few enough that others do not wait long. */
const STEP = 1000

/**
 * Removes a folder that a user created. Its messages move to Trash; restoring moves them to the inbox.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT for folders that every mailbox needs
 */
export const removeFolder = verb({
  permission: 'folder:write',
  input: folderIdInput,
  output: removalSchema,
  audit: 'folder.delete',
  run: async (ctx, { id: mailboxId, folder_id: folderId }, commit) => {
    for (;;) {
      const answer = await commit((tx) => removeStep(tx, ctx, mailboxId, folderId))
      if (answer !== null) return answer
    }
  },
})

/** Moves up to `STEP` messages. When none are left it removes the folder and returns the removal; otherwise null. */
const removeStep = async (
  tx: Db,
  ctx: ServiceContext,
  mailboxId: string,
  folderId: string,
): Promise<Outcome<Removal | null, never>> => {
  await lockMailbox(tx, scopeOf(ctx), mailboxId)
  const folder = await requireOwnFolder(tx, ctx, mailboxId, folderId)
  const ids = await messageIdsInFolder(tx, scopeOf(ctx), folderId, STEP)
  await trashMessages(tx, ctx, await findMessagesForChange(tx, mailScope(ctx, 'folder:write'), ids))
  await ctx.changes.publish(tx, mailboxTopic(ctx.actor.tenantId, mailboxId))
  if (ids.length === STEP) return unchanged(null)
  await deleteFolder(tx, scopeOf(ctx), folderId)
  return removed(toFolderWire(folder))
}
