import { listTags as listRows } from '@mairust/db/queries/tag'
import { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { decodeCursor, DEFAULT_LIMIT, parseInput, text, toPage, type Page } from '../../wire/index.ts'
import { toTagWire } from './internal.ts'
import { requireTagOwner } from './owner.ts'
import { listTagsInput, type TagWire } from './schemas.ts'

const cursorSchema = z.tuple([text(2000)])

/**
 * The actor's tags by name, or those of a mailbox's owner.
 * @throws AppError FORBIDDEN, NOT_FOUND for the mailbox, VALIDATION_ERROR
 */
export const listTags = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof listTagsInput>
}): Promise<Page<TagWire>> => {
  requirePermission(ctx, 'tag:read')
  const { limit = DEFAULT_LIMIT, cursor, mailbox } = parseInput(listTagsInput, input)
  const after = decodeCursor(cursorSchema, cursor)?.[0]
  const owner = await requireTagOwner(ctx, 'tag:read', mailbox)
  const rows = await listRows(ctx.db, owner, { limit: limit + 1, after })
  return toPage(rows, limit, toTagWire, (row) => [row.nameKey])
}
