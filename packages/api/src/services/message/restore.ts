import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { parseInput, type IdOnly } from '../../wire/index.ts'
import { requireChanged, restoreMessages } from './change.ts'
import { toChangedMessage } from './changed.ts'
import { messageIdInput, type MessageWire } from './schemas.ts'
import { changeMessages } from './transact.ts'

/**
 * Puts a message from Trash back to where it was.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT when it is not in Trash
 */
export const restoreMessage = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof messageIdInput>
}): Promise<MessageWire | IdOnly> => {
  requirePermission(ctx, 'message:write')
  const { id } = parseInput(messageIdInput, input)
  return changeMessages(ctx, [id], async (tx, rows) => {
    if (rows.length === 0) throw notFound('message')
    const changed = requireChanged(await restoreMessages(tx, ctx, rows), 'The message is not in Trash.')
    const result = await toChangedMessage(tx, ctx, id)
    return { result, changed, audited: 'message.restore' }
  })
}
