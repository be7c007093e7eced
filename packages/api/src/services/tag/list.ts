import { listTags as listRows } from '@mairust/db/queries/tag'
import { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { decodeCursor, DEFAULT_LIMIT, parseInput, text, toPage, type Page } from '../../wire/index.ts'
import { toTagWire } from './internal.ts'
import { listTagsInput, type TagWire } from './schemas.ts'

const cursorSchema = z.tuple([text(2000)])

/**
 * The tags of the tenant, by name.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listTags = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof listTagsInput>
}): Promise<Page<TagWire>> => {
  requirePermission(ctx, 'tag:read')
  const { limit = DEFAULT_LIMIT, cursor } = parseInput(listTagsInput, input)
  const after = decodeCursor(cursorSchema, cursor)?.[0]
  const rows = await listRows(ctx.db, scopeOf(ctx), { limit: limit + 1, after })
  return toPage(rows, limit, toTagWire, (row) => [row.nameKey])
}
