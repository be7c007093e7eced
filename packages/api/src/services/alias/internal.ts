import type { Db } from '@mairust/db'
import { findAlias, type AliasRow } from '@mairust/db/queries/alias'
import { addressKey, parseAddress } from '@mairust/mail-core/address'
import { canSeeDomain } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { invalidField, orNotFound } from '../../errors.ts'
import { wireTime } from '../../wire/index.ts'
import type { AliasWire } from './schemas.ts'

/** The one place where an alias's row becomes its wire form. */
export const toAliasWire = (row: AliasRow): AliasWire => ({
  id: row.id,
  address: row.address,
  targets: row.targets,
  enabled: row.enabled,
  created_at: wireTime(row.createdAt),
})

/**
 * Finds an alias the actor may see.
 * @throws AppError NOT_FOUND
 */
export const requireAlias = async (db: Db, ctx: ServiceContext, id: string, find = findAlias): Promise<AliasRow> => {
  const row = await find(db, scopeOf(ctx), id)
  return orNotFound(row !== null && canSeeDomain(ctx, row.domainId) ? row : null, 'alias')
}

/**
 * Targets as they are stored: normalised, each once.
 * @throws AppError VALIDATION_ERROR for what is no address, and for the alias's own address
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
