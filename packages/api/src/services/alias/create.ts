import { createId } from '@mairust/db'
import { insertAlias } from '@mairust/db/queries/alias'
import { scopeOf } from '../../context.ts'
import { verb, created } from '../../verb/index.ts'
import { addressTaken, requireFreeAddress, requireOwnDomainId, toOwnAddress } from '../address/index.ts'
import { requireNewTargets, toAliasWire, toColumns, toTargets } from './internal.ts'
import { createAliasInput, aliasSchema } from './schemas.ts'

/**
 * Adds an alias. `*@domain` is a catch-all for addresses that no mailbox or alias has.
 * @throws AppError FORBIDDEN, also if a target leads to a user with a higher role, VALIDATION_ERROR, also if the targets lead to too many
 * addresses, CONFLICT if the address is taken
 */
export const createAlias = verb({
  permission: 'alias:write',
  input: createAliasInput,
  output: aliasSchema,
  audit: 'alias.create',
  notify: ['addresses'],
  run: async (ctx, wanted, commit) => {
    const own = toOwnAddress(wanted.address, 'address', true)
    const row = {
      ...toColumns(wanted),
      id: createId('als'),
      address: own.address,
      targets: toTargets(wanted.targets, own.address),
      createdAt: ctx.now(),
    }
    return commit(async (tx) => {
      const domainId = await requireOwnDomainId(tx, ctx, 'alias:write', own)
      await requireNewTargets(tx, ctx, row.targets)
      await requireFreeAddress(tx, ctx, own.address, row.id)
      return created(toAliasWire(await insertAlias(tx, scopeOf(ctx), { ...row, domainId })))
    }).catch(addressTaken)
  },
})
