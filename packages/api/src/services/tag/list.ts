import { listTags as listRows } from '@mairust/db/queries/tag'
import { z } from 'zod'
import { verb } from '../../verb/index.ts'
import { decodeCursor, DEFAULT_LIMIT, text, toPage, listOutput } from '../../wire/index.ts'
import { toTagWire } from './internal.ts'
import { requireTagOwner } from './owner.ts'
import { listTagsInput, tagSchema } from './schemas.ts'

const cursorSchema = z.tuple([text(2000)])

/**
 * The actor's tags, or those of a mailbox's owner, sorted by name.
 * @throws AppError FORBIDDEN, NOT_FOUND for the mailbox, VALIDATION_ERROR
 */
export const listTags = verb({
  permission: 'tag:read',
  input: listTagsInput,
  output: listOutput(tagSchema),
  run: async (ctx, { limit = DEFAULT_LIMIT, cursor, mailbox }) => {
    const after = decodeCursor(cursorSchema, cursor)?.[0]
    const owner = await requireTagOwner(ctx, 'tag:read', mailbox)
    const rows = await listRows(ctx.db, owner, { limit: limit + 1, after })
    return toPage(rows, limit, toTagWire, (row) => [row.nameKey])
  },
})
