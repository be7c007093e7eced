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

/** Messages that one transaction moves, so that no other waits long. */
const STEP = 1000

/**
 * Removes a folder that a person made. Its messages go to Trash; restored, they come to the inbox.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT for folders every mailbox has
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

/** Moves some of the messages; removes the folder when none is left, and answers only then. */
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
