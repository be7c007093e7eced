import type { Db } from '@mairust/db'
import { findAliasByAddress } from '@mairust/db/queries/alias'
import { lockDomainByName } from '@mairust/db/queries/domain'
import { findMailboxByAddress } from '@mairust/db/queries/mailbox'
import { addressKey, parseAddress, parseDomain, splitSubAddress } from '@mairust/mail-core/address'
import { canSeeDomain } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'
import { onTaken } from '../../taken.ts'
import { requireManagedTargets } from './receivers.ts'

/** A local address in its stored form, with the name of its domain. */
export interface OwnAddress {
  address: string
  domainName: string
}

/**
 * Parses an address into its stored form.
 * @param catchAll whether `*@domain` is allowed
 * @throws AppError VALIDATION_ERROR on `field`
 */
export const toOwnAddress = (text: string, field: string, catchAll = false): OwnAddress => {
  const trimmed = text.trim()
  if (catchAll && trimmed.startsWith('*@')) {
    const domain = parseDomain(trimmed.slice(2))
    if (domain.ok) return { address: `*@${domain.value}`, domainName: domain.value }
  }
  const parsed = parseAddress(trimmed)
  if (!parsed.ok || parsed.value.literal || parsed.value.localPart === '*') {
    throw invalidField(field, 'must be an email address')
  }
  return { address: addressKey(parsed.value), domainName: parsed.value.domain }
}

/**
 * The domain of a local address, locked until the end of the transaction: if two transactions give the same address to a mailbox and
 * to an alias, the second sees what the first did.
 * @returns the id of the domain
 * @throws AppError VALIDATION_ERROR if the actor does not manage the domain, or it is a domain alias
 */
export const requireOwnDomainId = async (
  tx: Db,
  ctx: ServiceContext,
  permission: 'mailbox:write' | 'alias:write',
  { domainName }: OwnAddress,
): Promise<string> => {
  const domain = await lockDomainByName(tx, scopeOf(ctx), domainName)
  if (domain === null || !canSeeDomain(ctx, permission, domain.id)) {
    throw invalidField('address', `is in ${domainName}, which is not one of your domains`)
  }
  if (domain.aliasOfId !== null) {
    throw invalidField('address', `is in ${domainName}, which is an alias of another domain; use that domain`)
  }
  return domain.id
}

const ADDRESS_TAKEN = 'A mailbox or alias already has this address.'

/** For `catch`: CONFLICT if a mailbox or alias already has the address. */
export const addressTaken = onTaken(ADDRESS_TAKEN)

/**
 * Refuses an address that a mailbox or alias of the tenant already has, and a subaddress whose mail now reaches a user whom the actor
 * does not manage. Call it in the transaction of the insert.
 * @param exceptId the row that may have the address, because it is the one being changed
 * @throws AppError CONFLICT, FORBIDDEN
 */
export const requireFreeAddress = async (
  tx: Db,
  ctx: ServiceContext,
  address: string,
  exceptId: string,
): Promise<void> => {
  const mailbox = await findMailboxByAddress(tx, scopeOf(ctx), address)
  const alias = await findAliasByAddress(tx, scopeOf(ctx), address)
  if ((mailbox !== null && mailbox.id !== exceptId) || (alias !== null && alias.id !== exceptId)) {
    throw new AppError('CONFLICT', ADDRESS_TAKEN)
  }
  // Who already has the address takes it from nobody.
  if (mailbox === null && alias === null) await requireManagedBase(tx, ctx, address)
}

/** Mail to `user+tag` reaches `user`, unless somebody has just this address: only who manages that user may take it. */
const requireManagedBase = async (tx: Db, ctx: ServiceContext, address: string): Promise<void> => {
  const parsed = parseAddress(address)
  if (!parsed.ok) return
  const { base, tag } = splitSubAddress(parsed.value)
  const receiver = addressKey(base)
  const isUsed = tag !== null && (await findMailboxByAddress(tx, scopeOf(ctx), receiver)) !== null
  if (isUsed || (tag !== null && (await findAliasByAddress(tx, scopeOf(ctx), receiver)) !== null)) {
    await requireManagedTargets(tx, ctx, [receiver])
  }
}
