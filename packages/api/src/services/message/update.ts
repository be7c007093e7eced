import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { parseInput, type IdOnly } from '../../wire/index.ts'
import { flagMessages } from './change.ts'
import { toChangedMessage } from './changed.ts'
import { type MessageWire, updateMessageInput } from './schemas.ts'
import { tagMessages } from './tags.ts'
import { changeMessages } from './transact.ts'

/**
 * Sets flags and tags of a message. `tags` replaces all of them; `add_tags` makes tags that do not exist.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR
 */
export const updateMessage = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof updateMessageInput>
}): Promise<MessageWire | IdOnly> => {
  requirePermission(ctx, 'message:write')
  const { id, seen, starred, answered, ...tags } = parseInput(updateMessageInput, input)
  return changeMessages(ctx, [id], async (tx, rows) => {
    if (rows.length === 0) throw notFound('message')
    if (seen !== undefined || starred !== undefined || answered !== undefined) {
      await flagMessages(tx, ctx, rows, { seen, starred, answered })
    }
    await tagMessages(tx, ctx, rows, tags)
    return { result: await toChangedMessage(tx, ctx, id), changed: rows, audited: null }
  })
}
