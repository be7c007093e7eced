import { mailboxTopic } from '@mairust/db'
import { createId } from '@mairust/db'
import { insertFolder } from '@mairust/db/queries/folder-edit'
import { lockMailbox } from '@mairust/db/queries/message-change'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { parseInput, type IdOnly } from '../../wire/index.ts'
import { nameTaken, requireFolders, toChangedFolder, toFolderWire } from './internal.ts'
import { createFolderInput, type FolderWire } from './schemas.ts'

/** Most folders of a mailbox. */
const MAX_FOLDERS = 500

/**
 * Adds a folder to a mailbox.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT when the name is taken or there are too many
 */
export const createFolder = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof createFolderInput>
}): Promise<FolderWire | IdOnly> => {
  requirePermission(ctx, 'folder:write')
  const { id: mailboxId, name } = parseInput(createFolderInput, input)
  return ctx.db
    .transaction(async (tx) => {
      await lockMailbox(tx, scopeOf(ctx), mailboxId)
      const folders = await requireFolders(tx, ctx, 'folder:write', mailboxId)
      if (folders.length >= MAX_FOLDERS) throw new AppError('CONFLICT', `A mailbox has at most ${MAX_FOLDERS} folders.`)
      const folder = { id: createId('fld'), mailboxId, name, createdAt: ctx.now() }
      const row = await insertFolder(tx, scopeOf(ctx), folder)
      const after = toFolderWire(row)
      await writeAudit(tx, ctx, { action: 'folder.create', targetType: 'folder', targetId: row.id, after })
      await ctx.changes.publish(tx, mailboxTopic(ctx.actor.tenantId, mailboxId))
      return toChangedFolder(ctx, mailboxId, after)
    })
    .catch(nameTaken)
}
