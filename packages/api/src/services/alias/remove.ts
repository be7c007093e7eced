import { deleteAliasRow, lockAlias } from '@mairust/db/queries/alias'
import { scopeOf } from '../../context.ts'
import { verb, removed } from '../../verb/index.ts'
import { removalSchema } from '../../wire/index.ts'
import { requireManagedTargets } from '../address/receivers.ts'
import { requireAlias, toAliasWire } from './internal.ts'
import { aliasIdInput } from './schemas.ts'

/**
 * Removes an alias.
 * @throws AppError FORBIDDEN, also if it leads to a user whom the actor does not manage, NOT_FOUND
 */
export const removeAlias = verb({
  permission: 'alias:write',
  input: aliasIdInput,
  output: removalSchema,
  audit: 'alias.delete',
  notify: ['addresses'],
  run: (ctx, { id }, commit) =>
    commit(async (tx) => {
      const before = await requireAlias(tx, ctx, 'alias:write', id, lockAlias)
      await requireManagedTargets(tx, ctx, before.targets)
      await deleteAliasRow(tx, scopeOf(ctx), id)
      return removed(toAliasWire(before))
    }),
})
