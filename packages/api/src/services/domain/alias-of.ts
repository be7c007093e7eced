import type { Db } from '@mairust/db'
import { domainInUse, lockDomain, type DomainRow } from '@mairust/db/queries/domain'
import { canSeeDomain } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'
import { requireManagedReceivers } from '../address/receivers.ts'

const IN_USE_BY = { mailbox: 'mailboxes', alias: 'aliases', domain: 'domain aliases' } as const

/**
 * The domains with these ids that the actor may see, locked until the end of the transaction. Locking them in the order of their ids
 * avoids a deadlock between two requests that make two domains aliases of each other.
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
 * Checks that a domain may become an alias of another. The target must not be an alias itself, so that looking up an address takes at
 * most two steps. The alias must have no addresses, which would become unreachable. The caller holds the locks of both.
 * @param target the target; undefined if the actor sees no such domain
 * @param domain the domain that becomes an alias; undefined if it is new
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
  if (target.aliasOfId !== null)
    throw invalidField('alias_of_id', `must not be a domain alias itself, as ${target.name} is`)
  const user = domain === undefined ? null : await domainInUse(tx, scopeOf(ctx), domain.id)
  if (user === null) return
  throw new AppError('CONFLICT', `This domain still has ${IN_USE_BY[user]}. Remove them first.`)
}

/**
 * Refuses to end a domain alias, so that its addresses can be taken or lead elsewhere, when mail for them reaches a user whom the actor
 * does not manage. A pending domain accepts no mail. The caller holds its lock.
 * @throws AppError FORBIDDEN
 */
export const requireManagedAliasOf = async (tx: Db, ctx: ServiceContext, domain: DomainRow): Promise<void> => {
  if (domain.aliasOfId === null || domain.status === 'pending') return
  await requireManagedReceivers(tx, ctx, domain.aliasOfId)
}
