import type { Db } from '@mairust/db'
import { domainInUse, lockDomain, type DomainRow } from '@mairust/db/queries/domain'
import { canSeeDomain } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'

const HOLDERS = { mailbox: 'mailboxes', alias: 'aliases', domain: 'domains that stand for it' } as const

/**
 * The domains with these ids that the actor may see, locked until the end of the transaction: in the order of ids, so that two
 * that point at each other never wait for each other.
 */
export const lockDomains = async (
  tx: Db,
  ctx: ServiceContext,
  ids: readonly string[],
): Promise<Map<string, DomainRow>> => {
  const rows = new Map<string, DomainRow>()
  for (const id of [...ids].sort()) {
    const row = canSeeDomain(ctx, 'domain:write', id) ? await lockDomain(tx, scopeOf(ctx), id) : null
    if (row !== null) rows.set(id, row)
  }
  return rows
}

/**
 * Checks that a domain may stand for another: that one is no alias itself, so that an address is looked up at most twice, and this
 * one has nothing of its own, which would be out of reach afterwards. Both are locked.
 * @param target the other domain; undefined when there is none for the actor
 * @param domain the domain that becomes an alias; undefined while it is being made
 * @throws AppError VALIDATION_ERROR, CONFLICT
 */
export const requireAliasOf = async (
  tx: Db,
  ctx: ServiceContext,
  target: DomainRow | undefined,
  domain: DomainRow | undefined,
): Promise<void> => {
  if (target === undefined) throw invalidField('alias_of_id', 'must be the id of one of your domains')
  if (target.id === domain?.id) throw invalidField('alias_of_id', 'must be another domain')
  if (target.aliasOfId !== null) throw invalidField('alias_of_id', `must not be a domain alias, as ${target.name} is`)
  const holder = domain === undefined ? null : await domainInUse(tx, scopeOf(ctx), domain.id)
  if (holder === null) return
  throw new AppError('CONFLICT', `This domain still has ${HOLDERS[holder]}. Remove them first.`)
}
