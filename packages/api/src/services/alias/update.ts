import { lockAlias, updateAliasRow } from '@mairust/db/queries/alias'
import { scopeOf } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { verb, updated } from '../../verb/index.ts'
import { addressTaken, requireFreeAddress, requireOwnDomainId, toOwnAddress } from '../address/index.ts'
import { requireManagedTargets, requireTargetsInside } from '../address/receivers.ts'
import {
  requireAlias,
  requireCoveredTargets,
  requireNewTargets,
  toAliasWire,
  toColumns,
  toTargets,
} from './internal.ts'
import { updateAliasInput, aliasSchema } from './schemas.ts'

/**
 * Changes an alias.
 * @throws AppError FORBIDDEN, also if an old or new target leads to a user with a higher role, or the change takes its mail from a user
 * whom the actor does not manage, or leads it outside beside one, NOT_FOUND, VALIDATION_ERROR, CONFLICT if the address is taken
 */
export const updateAlias = verb({
  permission: 'alias:write',
  input: updateAliasInput,
  output: aliasSchema,
  audit: 'alias.update',
  notify: ['addresses'],
  run: async (ctx, wanted, commit) => {
    const own = wanted.address === undefined ? undefined : toOwnAddress(wanted.address, 'address', true)
    return commit(async (tx) => {
      // Locks the domain before the alias, in the same order as the removal of a domain.
      const domainId = own === undefined ? undefined : await requireOwnDomainId(tx, ctx, 'alias:write', own)
      const before = await requireAlias(tx, ctx, 'alias:write', wanted.id, lockAlias)
      await requireCoveredTargets(tx, ctx, before.targets)
      const address = own?.address ?? before.address
      const targets = toTargets(wanted.targets ?? before.targets, address)
      await (wanted.targets === undefined ? requireCoveredTargets : requireNewTargets)(tx, ctx, targets)
      const ends = address !== before.address || (before.enabled && wanted.enabled === false)
      const dropped = before.targets.filter((target) => ends || !targets.includes(target))
      await requireManagedTargets(tx, ctx, dropped)
      const added = targets.filter((target) => !before.targets.includes(target))
      await requireTargetsInside(tx, ctx, before.targets, added)
      if (own !== undefined) await requireFreeAddress(tx, ctx, address, before.id)
      const change = {
        ...toColumns(wanted),
        address: own?.address,
        domainId,
        targets: wanted.targets === undefined ? undefined : targets,
        updatedAt: ctx.now(),
      }
      const after = orNotFound(await updateAliasRow(tx, scopeOf(ctx), before.id, change), 'alias')
      return updated(toAliasWire(before), toAliasWire(after))
    }).catch(addressTaken)
  },
})
