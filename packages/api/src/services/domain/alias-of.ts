import type { Db } from '@mairust/db'
import { domainInUse, lockDomain, type DomainRow } from '@mairust/db/queries/domain'
import { canSeeDomain } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'

const HOLDERS = { mailbox: 'mailboxes', alias: 'aliases', domain: 'domains that stand for it' } as const

/**
 * Checks that a domain may stand for another: that one is no alias itself, so that an address is looked up at most twice, and this
 * one has nothing of its own, which would be out of reach afterwards. Both stay locked until the end of the transaction.
 * @param domain the domain that becomes an alias; undefined while it is being made
 * @throws AppError VALIDATION_ERROR, CONFLICT
 */
export const requireAliasOf = async (
  tx: Db,
  ctx: ServiceContext,
  domain: DomainRow | undefined,
  aliasOfId: string,
): Promise<void> => {
  const scope = scopeOf(ctx)
  if (aliasOfId === domain?.id) throw invalidField('alias_of_id', 'must be another domain')
  // In the order of ids, so that two that point at each other never wait for each other.
  const ids = [aliasOfId, ...(domain === undefined ? [] : [domain.id])].sort()
  const rows = new Map<string, DomainRow | null>()
  for (const id of ids) rows.set(id, await lockDomain(tx, scope, id))
  const target = rows.get(aliasOfId) ?? null
  if (target === null || !canSeeDomain(ctx, target.id)) {
    throw invalidField('alias_of_id', 'must be the id of one of your domains')
  }
  if (target.aliasOfId !== null) throw invalidField('alias_of_id', `must not be a domain alias, as ${target.name} is`)
  const holder = domain === undefined ? null : await domainInUse(tx, scope, domain.id)
  if (holder === null) return
  throw new AppError('CONFLICT', `This domain still has ${HOLDERS[holder]}. Remove them first.`)
}
