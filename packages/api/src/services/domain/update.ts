import { updateDomainRow, type DomainRow } from '@mairust/db/queries/domain'
import type { DomainStatus } from '@mairust/db/schema'
import { requirePermission } from '../../access/index.ts'
import { scopeOf } from '../../context.ts'
import { invalidField, orNotFound } from '../../errors.ts'
import { verb, updated } from '../../verb/index.ts'
import { lockDomains, requireAliasOf, requireManagedAliasOf } from './alias-of.ts'
import { domainTaken, toColumns, toDomainName, toDomainWire } from './internal.ts'
import { updateDomainInput, domainSchema } from './schemas.ts'

/**
 * Activates a domain (`active: true`, which requires `domain:activate`) or suspends it (`active: false`), or makes it a domain alias
 * (`alias_of_id`; null ends that). Its name cannot change, because addresses contain it.
 * @throws AppError FORBIDDEN, also if a domain alias ends whose mail reaches a user whom the actor does not manage, NOT_FOUND,
 * VALIDATION_ERROR, CONFLICT if a domain alias would have mailboxes or aliases of its own
 */
export const updateDomain = verb({
  permission: 'domain:write',
  input: updateDomainInput,
  output: domainSchema,
  audit: 'domain.update',
  notify: ['domains'],
  run: (ctx, wanted, commit) =>
    commit(async (tx) => {
      const { id, name, active, alias_of_id: aliasOfId } = wanted
      const domains = await lockDomains(tx, ctx, typeof aliasOfId === 'string' ? [id, aliasOfId] : [id])
      const before = orNotFound(domains.get(id), 'domain')
      if (name !== undefined && toDomainName(name) !== before.name) {
        throw invalidField('name', 'cannot change; add the new domain beside this one')
      }
      const status = active === undefined ? undefined : nextStatus(before, active)
      if (status === 'active' && status !== before.status) requirePermission(ctx, 'domain:activate')
      if (aliasOfId !== undefined && aliasOfId !== before.aliasOfId) {
        await requireManagedAliasOf(tx, ctx, before)
        if (aliasOfId !== null) await requireAliasOf(tx, ctx, domains.get(aliasOfId), before)
      }
      const change = { ...toColumns(wanted), status, updatedAt: ctx.now() }
      const after = orNotFound(await updateDomainRow(tx, scopeOf(ctx), id, change), 'domain')
      return updated(toDomainWire(before), toDomainWire(after))
    }).catch(domainTaken),
})

/** A pending domain stays pending when it is suspended: its ownership is still unproved. */
const nextStatus = (before: DomainRow, active: boolean): DomainStatus => {
  if (active) return 'active'
  return before.status === 'pending' ? 'pending' : 'suspended'
}
