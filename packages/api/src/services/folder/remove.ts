import { mailboxTopic } from '@mairust/db'
import { deleteFolder, messageIdsInFolder } from '@mairust/db/queries/folder-edit'
import { findMessagesForChange, lockMailbox } from '@mairust/db/queries/message-change'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
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
export const removeFolder = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof folderIdInput>
}): Promise<void> => {
  requirePermission(ctx, 'folder:write')
  const { id: mailboxId, folder_id: folderId } = parseInput(folderIdInput, input)
  while (!(await removeStep(ctx, mailboxId, folderId)));
}

/** Moves some of the messages; removes the folder when none is left. Says whether it is gone. */
const removeStep = (ctx: ServiceContext, mailboxId: string, folderId: string): Promise<boolean> =>
  ctx.db.transaction(async (tx) => {
    await lockMailbox(tx, scopeOf(ctx), mailboxId)
    const folder = await requireOwnFolder(tx, ctx, mailboxId, folderId)
    const ids = await messageIdsInFolder(tx, scopeOf(ctx), folderId, STEP)
    await trashMessages(tx, ctx, await findMessagesForChange(tx, mailScope(ctx, 'folder:write'), ids))
    await ctx.changes.publish(tx, mailboxTopic(ctx.actor.tenantId, mailboxId))
    if (ids.length === STEP) return false
    await writeAudit(tx, ctx, {
      action: 'folder.delete',
      targetType: 'folder',
      targetId: folderId,
      before: toFolderWire(folder),
    })
    await deleteFolder(tx, scopeOf(ctx), folderId)
    return true
  })
