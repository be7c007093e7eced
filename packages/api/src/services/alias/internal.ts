import type { Db } from '@mairust/db'
import { findAlias, type AliasRow } from '@mairust/db/queries/alias'
import { mailboxesReachedBy } from '@mairust/db/queries/directory'
import { findOwners } from '@mairust/db/queries/mailbox'
import { addressKey, parseAddress } from '@mairust/mail-core/address'
import type { Reached } from '@mairust/mail-core/inbound'
import { canSeeDomain, requireRole } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { invalidField, orNotFound } from '../../errors.ts'
import { wireTime, type Columns } from '../../wire/index.ts'
import type { AliasFields, AliasWire } from './schemas.ts'

/** The one place where an alias's row becomes its wire form. */
export const toAliasWire = (row: AliasRow): AliasWire => ({
  id: row.id,
  address: row.address,
  targets: row.targets,
  enabled: row.enabled,
  may_send_as: row.maySendAs,
  created_at: wireTime(row.createdAt),
})

/** The columns that are stored as given, for a new alias and for a change. */
export const toColumns = (given: AliasFields): Columns<AliasRow, AliasFields, 'address' | 'targets'> => ({
  enabled: given.enabled,
  maySendAs: given.may_send_as,
})

/**
 * Finds an alias the actor may see.
 * @throws AppError NOT_FOUND
 */
export const requireAlias = async (
  db: Db,
  ctx: ServiceContext,
  permission: 'alias:read' | 'alias:write',
  id: string,
  find = findAlias,
): Promise<AliasRow> => {
  const row = await find(db, scopeOf(ctx), id)
  return orNotFound(row !== null && canSeeDomain(ctx, permission, row.domainId) ? row : null, 'alias')
}

/**
 * Refuses targets that lead, directly or through other aliases, to the mailbox of a user with a higher role than the actor's.
 * @throws AppError FORBIDDEN
 */
export const requireCoveredTargets = async (
  tx: Db,
  ctx: ServiceContext,
  targets: readonly string[],
): Promise<Reached> => {
  const reached = await mailboxesReachedBy(tx, ctx.actor.tenantId, targets)
  for (const owner of await findOwners(tx, scopeOf(ctx), reached.mailboxIds)) requireRole(ctx, owner.role)
  return reached
}

/**
 * Like `requireCoveredTargets`, for the new targets of an alias.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR if the alias would lead to too many addresses, so that its mail would be refused
 */
export const requireNewTargets = async (tx: Db, ctx: ServiceContext, targets: readonly string[]): Promise<void> => {
  const { isTooLarge } = await requireCoveredTargets(tx, ctx, targets)
  if (isTooLarge)
    throw invalidField('targets', 'must lead to at most 200 addresses, through at most 10 aliases one after the other')
}

/**
 * Targets in their stored form: normalised, without duplicates.
 * @throws AppError VALIDATION_ERROR if a target is not an address, or is the alias itself
 */
export const toTargets = (texts: readonly string[], ownAddress: string): string[] => {
  const targets = texts.map((text, index) => {
    const parsed = parseAddress(text.trim())
    if (!parsed.ok || parsed.value.literal) throw invalidField(`targets.${index}`, 'must be an email address')
    const target = addressKey(parsed.value)
    if (target === ownAddress) throw invalidField(`targets.${index}`, 'must not be the alias itself')
    return target
  })
  return [...new Set(targets)]
}
