import { and, asc, eq, inArray, isNotNull, lte, notExists, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { SecretPlace } from '../secrets.ts'
import type { Tables } from '../schema/define.ts'
import { deleteRow, insertRow, updateRow, type NewRow, type RowChange } from './row.ts'
import type { TenantScope } from './scope.ts'

/** A key that signs for a domain, as stored. */
export type DkimKeyRow = Tables['dkimKeys']['$inferSelect']

/** Where the private key of a row is sealed. */
export const privateKeyPlace = (tenantId: string, id: string): SecretPlace => ({
  table: 'dkim_keys',
  column: 'private_key',
  tenantId,
  id,
})

/** Adds a key. Throws the unique violation (`dkim_keys_in_use_key`) when the domain has one like it in this state. */
export const insertDkimKey = (db: Db, scope: TenantScope, key: NewRow<Tables['dkimKeys']>): Promise<DkimKeyRow> =>
  insertRow(db, db.tables.dkimKeys, scope, key)

/** The keys of a domain, oldest first. */
export async function listDkimKeyRows(db: Db, scope: TenantScope, domainId: string): Promise<DkimKeyRow[]> {
  const { dkimKeys: k } = db.tables
  return db
    .select()
    .from(k)
    .where(and(eq(k.tenantId, scope.tenantId), eq(k.domainId, domainId)))
    .orderBy(asc(k.id))
}

/** The keys that sign for the tenant's active domain with this name (A-labels). */
export async function findSigningKeys(db: Db, scope: TenantScope, domainName: string): Promise<DkimKeyRow[]> {
  const { dkimKeys: k, domains: d } = db.tables
  const rows = await db
    .select({ key: k })
    .from(k)
    .innerJoin(d, and(eq(d.tenantId, k.tenantId), eq(d.id, k.domainId)))
    .where(and(eq(k.tenantId, scope.tenantId), eq(d.name, domainName), eq(d.status, 'active'), eq(k.state, 'active')))
    .orderBy(asc(k.algorithm))
  // RSA first: verifiers that know it alone may look at the first signature only.
  return rows.map(({ key }) => key).reverse()
}

/** Changes a key and returns the new row; null when there is none. */
export const updateDkimKey = (
  db: Db,
  scope: TenantScope,
  id: string,
  change: RowChange<Tables['dkimKeys'], 'domainId' | 'selector' | 'algorithm' | 'record' | 'privateKey'>,
): Promise<DkimKeyRow | null> => updateRow(db, db.tables.dkimKeys, scope, id, change)

/** Removes a key; true if it existed. */
export const deleteDkimKey = (db: Db, scope: TenantScope, id: string): Promise<boolean> =>
  deleteRow(db, db.tables.dkimKeys, scope, id)

/** A domain in some tenant. */
export interface DomainPlace {
  readonly tenantId: string
  readonly domainId: string
}

/** Domains of all tenants with a key whose state may change now, those that wait longest first. */
export async function findDueDkimDomains(db: Db, now: Date, limit: number): Promise<DomainPlace[]> {
  const { dkimKeys: k } = db.tables
  return db
    .select({ tenantId: k.tenantId, domainId: k.domainId })
    .from(k)
    .where(and(isNotNull(k.dueAt), lte(k.dueAt, now)))
    .groupBy(k.tenantId, k.domainId)
    .orderBy(asc(sql`min(${k.dueAt})`))
    .limit(limit)
}

/** Domains of all tenants that have no key of an algorithm, neither pending nor active. */
export async function findDomainsWithoutDkim(
  db: Db,
  algorithm: DkimKeyRow['algorithm'],
  limit: number,
): Promise<DomainPlace[]> {
  const { dkimKeys: k, domains: d } = db.tables
  return db
    .select({ tenantId: d.tenantId, domainId: d.id })
    .from(d)
    .where(
      notExists(
        db
          .select({ one: sql`1` })
          .from(k)
          .where(
            and(
              eq(k.tenantId, d.tenantId),
              eq(k.domainId, d.id),
              eq(k.algorithm, algorithm),
              inArray(k.state, ['pending', 'active']),
            ),
          ),
      ),
    )
    .orderBy(asc(d.id))
    .limit(limit)
}

/** Domains of all tenants with a key in use that bears another mark than that of the vault (`Vault.mark`): nobody can open it. */
export async function findForeignDkimDomains(db: Db, mark: string, limit: number): Promise<DomainPlace[]> {
  const { dkimKeys: k } = db.tables
  return db
    .selectDistinct({ tenantId: k.tenantId, domainId: k.domainId })
    .from(k)
    .where(and(inArray(k.state, ['pending', 'active']), sql`substr(${k.privateKey}, 1, ${mark.length}) <> ${mark}`))
    .limit(limit)
}

/** Domains of all tenants whose key of an algorithm has signed since before this time, and that have no new one yet. */
export async function findOldDkimDomains(
  db: Db,
  algorithm: DkimKeyRow['algorithm'],
  before: Date,
  limit: number,
): Promise<DomainPlace[]> {
  const { dkimKeys: k } = db.tables
  return db
    .select({ tenantId: k.tenantId, domainId: k.domainId })
    .from(k)
    .where(
      and(
        eq(k.algorithm, algorithm),
        eq(k.state, 'active'),
        lte(k.activatedAt, before),
        sql`not exists (select 1 from dkim_keys next where next.tenant_id = ${k.tenantId} and next.domain_id = ${k.domainId} and next.algorithm = ${k.algorithm} and next.state = 'pending')`,
      ),
    )
    .limit(limit)
}
