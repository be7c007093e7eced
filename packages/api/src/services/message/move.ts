import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { parseInput, type IdOnly } from '../../wire/index.ts'
import { moveMessages, requireChanged } from './change.ts'
import { toChangedMessage } from './changed.ts'
import { type MessageWire, moveMessageInput } from './schemas.ts'
import { changeMessages } from './transact.ts'

/**
 * Moves a message to another folder of its mailbox, given by id, role or name.
 * @throws AppError FORBIDDEN, NOT_FOUND for the message or the folder
 */
export const moveMessage = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof moveMessageInput>
}): Promise<MessageWire | IdOnly> => {
  requirePermission(ctx, 'message:write')
  const { id, folder } = parseInput(moveMessageInput, input)
  return changeMessages(ctx, [id], async (tx, rows) => {
    if (rows.length === 0) throw notFound('message')
    const changed = requireChanged(await moveMessages(tx, ctx, rows, folder), 'The message cannot be moved there.')
    const result = await toChangedMessage(tx, ctx, id)
    return { result, changed, audited: 'message.move' }
  })
}
