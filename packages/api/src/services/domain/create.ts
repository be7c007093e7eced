import { createId } from '@mairust/db'
import { insertDomain } from '@mairust/db/queries/domain'
import { requirePermission } from '../../access/index.ts'
import { scopeOf } from '../../context.ts'
import { verb, created } from '../../verb/index.ts'
import { makeDkimKeys, storeDkimKeys } from '../dkim/internal.ts'
import { lockDomains, requireAliasOf } from './alias-of.ts'
import { domainTaken, newVerifyToken, toColumns, toDomainName, toDomainWire } from './internal.ts'
import { createDomainInput, domainSchema } from './schemas.ts'

/**
 * Adds a domain with its DKIM keys, `pending` until its ownership is proved. `active: true` skips the proof and requires `domain:activate`.
 * With `alias_of_id` it is a domain alias: its addresses are those of that domain.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR, CONFLICT if the tenant has the domain already, or it is active in another tenant
 */
export const createDomain = verb({
  permission: 'domain:write',
  input: createDomainInput,
  output: domainSchema,
  audit: 'domain.create',
  notify: ['domains'],
  run: async (ctx, wanted, commit) => {
    const { active, alias_of_id: aliasOfId = null } = wanted
    if (active === true) requirePermission(ctx, 'domain:activate')
    const row = {
      ...toColumns(wanted),
      id: createId('dom'),
      name: toDomainName(wanted.name),
      status: active === true ? ('active' as const) : ('pending' as const),
      verifyToken: newVerifyToken(),
      createdAt: ctx.now(),
    }
    const keys = await makeDkimKeys()
    return commit(async (tx) => {
      if (aliasOfId !== null) {
        const target = (await lockDomains(tx, ctx, [aliasOfId])).get(aliasOfId)
        await requireAliasOf(tx, ctx, target, undefined)
      }
      const made = await insertDomain(tx, scopeOf(ctx), row)
      await storeDkimKeys(tx, ctx, scopeOf(ctx), made.id, keys)
      return created(toDomainWire(made))
    }).catch(domainTaken)
  },
})
