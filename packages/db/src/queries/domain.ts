import { and, asc, eq, gt } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { contains } from '../dialect.ts'
import type { Tables } from '../schema/define.ts'
import { among, only } from './row.ts'

/** A domain as stored. */
export type DomainRow = Tables['domains']['$inferSelect']
/** A domain to add; `name` is in lower-case A-labels. */
export type NewDomain = Omit<DomainRow, 'tenantId' | 'aliasOfId'> & { aliasOfId?: string | null | undefined }

/** Adds a domain. Throws the database's unique violation (`domains_name_key`) when any tenant has the name. */
export async function insertDomain(db: Db, scope: { tenantId: string }, domain: NewDomain): Promise<DomainRow> {
  const row = { aliasOfId: null, ...domain, tenantId: scope.tenantId }
  return only(await db.insert(db.tables.domains).values(row).returning())
}

/** The tenant's domain with this id, or null. */
export async function findDomain(db: Db, scope: { tenantId: string }, id: string): Promise<DomainRow | null> {
  const { domains } = db.tables
  const rows = await db
    .select()
    .from(domains)
    .where(and(eq(domains.tenantId, scope.tenantId), eq(domains.id, id)))
  return rows[0] ?? null
}

/** The tenant's domain with this name, or null. */
export async function findDomainByName(db: Db, scope: { tenantId: string }, name: string): Promise<DomainRow | null> {
  const { domains } = db.tables
  const rows = await db
    .select()
    .from(domains)
    .where(and(eq(domains.tenantId, scope.tenantId), eq(domains.name, name)))
  return rows[0] ?? null
}

/** A page of the tenant's domains, oldest first: at most `limit` after the id `after`, among `ids`, with `contains` in the name. */
export async function listDomainRows(
  db: Db,
  scope: { tenantId: string },
  page: {
    limit: number
    after?: string | undefined
    contains?: string | undefined
    ids?: 'all' | readonly string[] | undefined
  },
): Promise<DomainRow[]> {
  const { domains } = db.tables
  return db
    .select()
    .from(domains)
    .where(
      and(
        eq(domains.tenantId, scope.tenantId),
        among(domains.id, page.ids ?? 'all'),
        page.after === undefined ? undefined : gt(domains.id, page.after),
        page.contains === undefined ? undefined : contains(db, domains.name, page.contains),
      ),
    )
    .orderBy(asc(domains.id))
    .limit(page.limit)
}

/** Changes a domain; true when it is there. */
export async function updateDomainRow(
  db: Db,
  scope: { tenantId: string },
  id: string,
  change: Partial<Pick<DomainRow, 'status' | 'verifyToken' | 'aliasOfId' | 'updatedAt'>>,
): Promise<boolean> {
  const { domains } = db.tables
  const rows = await db
    .update(domains)
    .set(change)
    .where(and(eq(domains.tenantId, scope.tenantId), eq(domains.id, id)))
    .returning({ id: domains.id })
  return rows.length > 0
}

/** Removes a domain and its aliases; true when it was there. Throws the foreign key violation while it has mailboxes. */
export async function deleteDomainRow(db: Db, scope: { tenantId: string }, id: string): Promise<boolean> {
  const { domains } = db.tables
  const rows = await db
    .delete(domains)
    .where(and(eq(domains.tenantId, scope.tenantId), eq(domains.id, id)))
    .returning({ id: domains.id })
  return rows.length > 0
}
