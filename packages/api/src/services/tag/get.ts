import { verb } from '../../verb/index.ts'
import { toTagWire } from './internal.ts'
import { requireTag } from './owner.ts'
import { tagIdInput, tagSchema } from './schemas.ts'

/**
 * One tag of an owner whose mailbox the actor may see.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getTag = verb({
  permission: 'tag:read',
  input: tagIdInput,
  output: tagSchema,
  run: async (ctx, { id }) => toTagWire(await requireTag(ctx.db, ctx, 'tag:read', id)),
})
