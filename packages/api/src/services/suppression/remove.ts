import { deleteSuppressions } from '@mairust/db/queries/suppression'
import { scopeOf } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { recorded, removal, verb } from '../../verb/index.ts'
import { removalSchema } from '../../wire/index.ts'
import { toFilter, toSuppressionWire } from './internal.ts'
import { suppressionInput } from './schemas.ts'

/**
 * Lets mail to an address go again: removes all of its suppressions that the actor manages, or those that are chosen.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const removeSuppression = verb({
  permission: 'suppression:write',
  input: suppressionInput,
  output: removalSchema,
  audit: 'suppression.delete',
  run: (ctx, choice, commit) =>
    commit(async (tx) => {
      const rows = await deleteSuppressions(tx, scopeOf(ctx), toFilter(ctx, 'suppression:write', choice))
      if (rows.length === 0) throw notFound('suppression')
      const entries = rows.map((row) => ({ targetId: row.id, before: toSuppressionWire(row) }))
      return recorded(removal(choice.address), ...entries)
    }),
})
