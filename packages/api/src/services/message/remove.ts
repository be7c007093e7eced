import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { trashMessages } from './change.ts'
import { requireRoleFolder } from './folders.ts'
import { purgeMessages, removeBlobs } from './purge.ts'
import { removeMessageInput } from './schemas.ts'
import { changeMessages } from './transact.ts'

/**
 * Moves a message to Trash. One that is there already, or `permanent`, is removed for good.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const removeMessage = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof removeMessageInput>
}): Promise<void> => {
  requirePermission(ctx, 'message:write')
  const { id, permanent = false } = parseInput(removeMessageInput, input)
  const blobs = await changeMessages(ctx, [id], async (tx, rows) => {
    const [row] = rows
    if (row === undefined) throw notFound('message')
    const trash = await requireRoleFolder(tx, ctx, row.mailboxId, 'trash')
    if (permanent || row.folderId === trash.id) {
      return { result: await purgeMessages(tx, rows), changed: rows, audited: 'message.purge' }
    }
    const { changed } = await trashMessages(tx, ctx, rows)
    return { result: [], changed, audited: 'message.trash' }
  })
  await removeBlobs(ctx, blobs)
}
