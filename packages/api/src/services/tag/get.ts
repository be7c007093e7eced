import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { toTagWire } from './internal.ts'
import { requireTag } from './owner.ts'
import { tagIdInput, type TagWire } from './schemas.ts'

/**
 * One tag of an owner whose mailbox the actor may see.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getTag = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof tagIdInput>
}): Promise<TagWire> => {
  requirePermission(ctx, 'tag:read')
  const { id } = parseInput(tagIdInput, input)
  return toTagWire(await requireTag(ctx.db, ctx, 'tag:read', id))
}
