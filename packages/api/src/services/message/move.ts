import { notFound } from '../../errors.ts'
import { verb } from '../../verb/index.ts'
import { orIdOnly } from '../../wire/index.ts'
import { moveMessages, requireChanged } from './change.ts'
import { toChangedMessage } from './changed.ts'
import { moveMessageInput, messageSchema } from './schemas.ts'
import { changeMessages } from './transact.ts'

/**
 * Moves a message to another folder of its mailbox, named by id, role or name.
 * @throws AppError FORBIDDEN, NOT_FOUND for the message or the folder
 */
export const moveMessage = verb({
  permission: 'message:write',
  input: moveMessageInput,
  output: orIdOnly(messageSchema),
  audit: { action: 'message.move', target: 'mailbox' },
  run: (ctx, { id, folder }, commit) =>
    changeMessages(ctx, commit, [id], async (tx, rows) => {
      if (rows.length === 0) throw notFound('message')
      const changed = requireChanged(await moveMessages(tx, ctx, rows, folder), 'The message cannot be moved there.')
      const result = await toChangedMessage(tx, ctx, id)
      return { result, changed, audited: 'message.move' }
    }),
})
