import type { DomainRow } from '@mairust/db/queries/domain'
import { findDomain } from '@mairust/db/queries/domain'
import type { Db } from '@mairust/db'
import { parseDomain } from '@mairust/mail-core/address'
import { canSeeDomain } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { invalidField, notFound } from '../../errors.ts'
import { wireTime } from '../../wire/index.ts'
import type { DomainWire } from './schemas.ts'

/** Topic of `changes` that drops caches of domains. */
export const DOMAINS_TOPIC = 'domains'

/** The one place where a domain's row becomes its wire form. */
export const toDomainWire = (row: DomainRow): DomainWire => ({
  id: row.id,
  name: row.name,
  status: row.status,
  alias_of_id: row.aliasOfId,
  created_at: wireTime(row.createdAt),
})

/**
 * Finds a domain the actor may see.
 * @throws AppError NOT_FOUND
 */
export const requireDomain = async (db: Db, ctx: ServiceContext, id: string): Promise<DomainRow> => {
  const row = await findDomain(db, scopeOf(ctx), id)
  if (row === null || !canSeeDomain(ctx, row.id)) throw notFound('domain')
  return row
}

/**
 * A domain name as it is stored: lower-case A-labels.
 * @throws AppError VALIDATION_ERROR
 */
export const toDomainName = (text: string): string => {
  const parsed = parseDomain(text)
  if (!parsed.ok) throw invalidField('name', 'must be a domain name such as example.com')
  return parsed.value
}
