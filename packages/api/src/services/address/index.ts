import type { Db } from '@mairust/db'
import { findAliasByAddress } from '@mairust/db/queries/alias'
import { lockDomainByName } from '@mairust/db/queries/domain'
import { findMailboxByAddress } from '@mairust/db/queries/mailbox'
import { addressKey, parseAddress, parseDomain } from '@mairust/mail-core/address'
import { canSeeDomain } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'
import { onTaken } from '../../taken.ts'

/** An address of ours as it is stored, with the name of its domain. */
export interface OwnAddress {
  address: string
  domainName: string
}

/**
 * Reads an address in its stored form.
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
  if (!parsed.ok || parsed.value.literal) throw invalidField(field, 'must be an email address')
  if (parsed.value.localPart === '*') throw invalidField(field, 'must be an email address')
  return { address: addressKey(parsed.value), domainName: parsed.value.domain }
}

/**
 * The domain that an address of ours lies in, locked until the end of the transaction: of two that give the same address to a
 * mailbox and to an alias, the second sees what the first did.
 * @returns its id
 * @throws AppError VALIDATION_ERROR when it is no domain the actor manages, or stands for another
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
    throw invalidField('address', `is in ${domainName}, which stands for another domain; use that one`)
  }
  return domain.id
}

const ADDRESS_TAKEN = 'A mailbox or an alias has this address already.'

/** For `catch`: CONFLICT when a mailbox or an alias has an address already. */
export const addressTaken = onTaken(ADDRESS_TAKEN)

/**
 * Refuses an address that a mailbox or an alias of the tenant has. Call it inside the transaction of the insert.
 * @param exceptId the row that may have it: the one being changed
 * @throws AppError CONFLICT
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
}
