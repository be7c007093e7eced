import { randomBytes } from 'node:crypto'
import type { DomainRow } from '@mairust/db/queries/domain'
import { findDomain } from '@mairust/db/queries/domain'
import type { Db } from '@mairust/db'
import { parseDomain } from '@mairust/mail-core/address'
import { canSeeDomain } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { invalidField, orNotFound } from '../../errors.ts'
import { onTaken } from '../../taken.ts'
import { wireTime, type Columns } from '../../wire/index.ts'
import type { DomainFields, DomainWire } from './schemas.ts'

/** The one place where a domain's row becomes its wire form. */
export const toDomainWire = (row: DomainRow): DomainWire => ({
  id: row.id,
  name: row.name,
  status: row.status,
  alias_of_id: row.aliasOfId,
  dmarc: row.dmarc,
  mta_sts: row.mtaSts,
  created_at: wireTime(row.createdAt),
})

/** The columns that are stored as given, for a new domain and for a change. */
export const toColumns = (given: DomainFields): Columns<DomainRow, DomainFields, 'name' | 'active'> => ({
  aliasOfId: given.alias_of_id,
  dmarc: given.dmarc,
  mtaSts: given.mta_sts,
})

/**
 * Finds a domain the actor may see.
 * @throws AppError NOT_FOUND
 */
export const requireDomain = async (
  db: Db,
  ctx: ServiceContext,
  permission: 'domain:read' | 'domain:write',
  id: string,
  find = findDomain,
): Promise<DomainRow> =>
  orNotFound(canSeeDomain(ctx, permission, id) ? await find(db, scopeOf(ctx), id) : null, 'domain')

/** For `catch`: CONFLICT if the tenant has the domain already, or cannot activate it because it is active in another tenant. */
export const domainTaken = onTaken('This domain already exists.')

/** A new token for the TXT record that proves who owns a domain. */
export const newVerifyToken = (): string => randomBytes(24).toString('base64url')

/**
 * A domain name in its stored form: lower-case A-labels.
 * @throws AppError VALIDATION_ERROR
 */
export const toDomainName = (text: string, field = 'name'): string => {
  const parsed = parseDomain(text)
  if (!parsed.ok) throw invalidField(field, 'must be a domain name such as example.com')
  return parsed.value
}
