import { createId } from '@mairust/db'
import { insertFolder } from '@mairust/db/queries/folder-edit'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { mailboxTopic } from '../message/internal.ts'
import { nameTaken, requireFolders, requireFreeName, toFolderWire } from './internal.ts'
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
}): Promise<FolderWire> => {
  requirePermission(ctx, 'folder:write')
  const { id: mailboxId, name } = parseInput(createFolderInput, input)
  requireFreeName(name)
  return ctx.db
    .transaction(async (tx) => {
      const folders = await requireFolders(tx, ctx, mailboxId)
      if (folders.length >= MAX_FOLDERS) throw new AppError('CONFLICT', `A mailbox has at most ${MAX_FOLDERS} folders.`)
      const folder = { id: createId('fld'), mailboxId, name, createdAt: ctx.now() }
      const row = await insertFolder(tx, scopeOf(ctx), folder)
      await ctx.changes.publish(tx, mailboxTopic(mailboxId))
      return toFolderWire(row)
    })
    .catch(nameTaken)
}
