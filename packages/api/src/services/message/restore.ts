import { notFound } from '../../errors.ts'
import { verb } from '../../verb/index.ts'
import { orIdOnly } from '../../wire/index.ts'
import { requireChanged, restoreMessages } from './change.ts'
import { toChangedMessage } from './changed.ts'
import { messageIdInput, messageSchema } from './schemas.ts'
import { changeMessages } from './transact.ts'

/**
 * Moves a message from Trash back to where it was.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT if it is not in Trash
 */
export const restoreMessage = verb({
  permission: 'message:write',
  input: messageIdInput,
  output: orIdOnly(messageSchema),
  audit: { action: 'message.restore', target: 'mailbox' },
  run: (ctx, { id }, commit) =>
    changeMessages(ctx, commit, [id], async (tx, rows) => {
      if (rows.length === 0) throw notFound('message')
      const changed = requireChanged(await restoreMessages(tx, ctx, rows), 'The message is not in Trash.')
      const result = await toChangedMessage(tx, ctx, id)
      return { result, changed, audited: 'message.restore' }
    }),
})
