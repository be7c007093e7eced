import { removeBlobs } from '@mairust/db/blob'
import { notFound } from '../../errors.ts'
import { verb, removal } from '../../verb/index.ts'
import { removalSchema } from '../../wire/index.ts'
import { trashMessages } from './change.ts'
import { requireRoleFolder } from './folders.ts'
import { purgeMessages } from './purge.ts'
import { removeMessageInput } from './schemas.ts'
import { changeMessages } from './transact.ts'

/**
 * Moves a message to Trash. With `permanent`, or if it is in Trash already, the message is removed for good.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const removeMessage = verb({
  permission: 'message:write',
  input: removeMessageInput,
  output: removalSchema,
  audit: { action: ['message.trash', 'message.purge'], target: 'mailbox' },
  run: async (ctx, { id, permanent = false }, commit) => {
    const blobs = await changeMessages(ctx, commit, [id], async (tx, rows) => {
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
    return removal(id)
  },
})
