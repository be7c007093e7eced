import { deleteTag } from '@mairust/db/queries/tag'
import { scopeOf } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { verb, removed } from '../../verb/index.ts'
import { removalSchema } from '../../wire/index.ts'
import { toTagWire } from './internal.ts'
import { requireTag } from './owner.ts'
import { tagIdInput } from './schemas.ts'

/**
 * Removes a tag from its owner and from every message.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const removeTag = verb({
  permission: 'tag:write',
  input: tagIdInput,
  output: removalSchema,
  audit: 'tag.delete',
  notify: ['tags'],
  run: (ctx, { id }, commit) =>
    commit(async (tx) => {
      const before = await requireTag(tx, ctx, 'tag:write', id)
      // It may have been removed meanwhile.
      if (!(await deleteTag(tx, scopeOf(ctx), id))) throw notFound('tag')
      return removed(toTagWire(before))
    }),
})
