import { and, asc, eq, inArray, lt, notExists, or, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { contains } from '../dialect/index.ts'
import type { Tables } from '../schema/define.ts'
import type { IdSet } from './id-set.ts'
import { deleteRow, findRow, findRowWhere, insertRow, lockRow, updateRow, type NewRow, type RowChange } from './row.ts'
import { among, fromPage, type RowPage, type TenantScope } from './scope.ts'

/** A domain as stored. */
export type DomainRow = Tables['domains']['$inferSelect']
/** A domain to add; `name` is in lower-case A-labels. */
export type NewDomain = NewRow<Tables['domains']>

/**
 * Adds a domain. Throws the database's unique violation (`domains_own_name_key`, `domains_name_key`) when the tenant already has
 * the name or, unless it is pending, another tenant does.
 */
export const insertDomain = (db: Db, scope: TenantScope, domain: NewDomain): Promise<DomainRow> =>
  insertRow(db, db.tables.domains, scope, domain)

/** The tenant's domain with this id, or null. */
export const findDomain = (db: Db, scope: TenantScope, id: string): Promise<DomainRow | null> =>
  findRow(db, db.tables.domains, scope, id)

/** The active domain with this name (lower-case A-labels) of any tenant, or null: at most one tenant holds it. */
export const findActiveDomain = (db: Db, name: string): Promise<DomainRow | null> => {
  const { domains: d } = db.tables
  return findRowWhere(db, d, and(eq(d.name, name), eq(d.status, 'active')))
}

/**
 * The tenant's domain with this name, or null, locked until the end of the transaction: meanwhile it gets no address and no alias,
 * and cannot be removed.
 */
export const lockDomainByName = (tx: Db, scope: TenantScope, name: string): Promise<DomainRow | null> =>
  findRowWhere(tx, tx.tables.domains, named(tx, scope, name), true)

/** The tenant's domain with this id, or null, locked like `lockDomainByName`. */
export const lockDomain = (tx: Db, scope: TenantScope, id: string): Promise<DomainRow | null> =>
  lockRow(tx, tx.tables.domains, scope, id)

function named({ tables: { domains: d } }: Db, scope: TenantScope, name: string): SQL | undefined {
  return and(eq(d.tenantId, scope.tenantId), eq(d.name, name))
}

/** Ids of the tenant's domains with these names or ids. */
export async function findDomainIds(db: Db, scope: TenantScope, namesOrIds: readonly string[]): Promise<string[]> {
  if (namesOrIds.length === 0) return []
  const { domains: d } = db.tables
  const rows = await db
    .select({ id: d.id })
    .from(d)
    .where(and(eq(d.tenantId, scope.tenantId), or(inArray(d.name, [...namesOrIds]), inArray(d.id, [...namesOrIds]))))
  return rows.map((row) => row.id)
}

/** What uses a domain: a mailbox, an alias or a domain alias; null when nothing does. */
export async function domainInUse(
  db: Db,
  scope: TenantScope,
  id: string,
): Promise<'mailbox' | 'alias' | 'domain' | null> {
  const { aliases, domains, mailboxes } = db.tables
  const holders = [
    ['mailbox', mailboxes, eq(mailboxes.domainId, id)],
    ['alias', aliases, eq(aliases.domainId, id)],
    ['domain', domains, eq(domains.aliasOfId, id)],
  ] as const
  for (const [kind, table, refers] of holders) {
    const rows = await db
      .select({ id: table.id })
      .from(table)
      .where(and(eq(table.tenantId, scope.tenantId), refers))
      .limit(1)
    if (rows.length > 0) return kind
  }
  return null
}

/** A page of the tenant's domains, oldest first, among `ids`; `contains` searches the name. */
export async function listDomainRows(
  db: Db,
  scope: TenantScope,
  page: RowPage & {
    ids?: IdSet | undefined
  },
): Promise<DomainRow[]> {
  const { domains } = db.tables
  return db
    .select()
    .from(domains)
    .where(
      fromPage(
        domains,
        scope,
        page,
        among(domains.id, page.ids ?? 'all'),
        page.contains === undefined ? undefined : contains(db, domains.name, page.contains),
      ),
    )
    .orderBy(asc(domains.id))
    .limit(page.limit)
}

/** The changeable columns of a domain: its addresses depend on its name, and its proof on the token. */
export type DomainChange = RowChange<Tables['domains'], 'name' | 'verifyToken'>

/** Changes a domain and returns the new row; null when there is none. */
export const updateDomainRow = (
  db: Db,
  scope: TenantScope,
  id: string,
  change: DomainChange,
): Promise<DomainRow | null> => updateRow(db, db.tables.domains, scope, id, change)

/** Removes a domain and its aliases; true if it existed. Throws the foreign key violation while it has mailboxes. */
export const deleteDomainRow = (db: Db, scope: TenantScope, id: string): Promise<boolean> =>
  deleteRow(db, db.tables.domains, scope, id)

/** Unused domains of all tenants that have been pending since before this time, at most `limit`. */
export async function findUnverifiedDomains(db: Db, before: Date, limit: number): Promise<DomainRow[]> {
  const { aliases, domains: d, mailboxes } = db.tables
  const one = { one: sql`1` }
  return db
    .select()
    .from(d)
    .where(
      and(
        eq(d.status, 'pending'),
        lt(d.createdAt, before),
        notExists(
          db
            .select(one)
            .from(mailboxes)
            .where(and(eq(mailboxes.tenantId, d.tenantId), eq(mailboxes.domainId, d.id))),
        ),
        notExists(
          db
            .select(one)
            .from(aliases)
            .where(and(eq(aliases.tenantId, d.tenantId), eq(aliases.domainId, d.id))),
        ),
        sql`not exists (select 1 from domains stands_for where stands_for.tenant_id = ${d.tenantId} and stands_for.alias_of_id = ${d.id})`,
      ),
    )
    .orderBy(asc(d.createdAt))
    .limit(limit)
}
