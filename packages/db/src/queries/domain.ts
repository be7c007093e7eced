import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { contains, locked } from '../dialect.ts'
import type { Tables } from '../schema/define.ts'
import { among, only } from './row.ts'
import { fromPage, own, type RowPage } from './scope.ts'

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
    .where(own(domains, scope, id))
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

/**
 * The tenant's domain with this name, or null, locked until the end of the transaction: nobody gives it an address, makes an alias
 * of it or removes it meanwhile.
 */
export async function lockDomainByName(tx: Db, scope: { tenantId: string }, name: string): Promise<DomainRow | null> {
  const { domains } = tx.tables
  const rows = await locked(
    tx,
    tx
      .select()
      .from(domains)
      .where(and(eq(domains.tenantId, scope.tenantId), eq(domains.name, name))),
  )
  return rows[0] ?? null
}

/** The tenant's domain with this id, or null, locked like `lockDomainByName`. */
export async function lockDomain(tx: Db, scope: { tenantId: string }, id: string): Promise<DomainRow | null> {
  const { domains } = tx.tables
  const rows = await locked(
    tx,
    tx
      .select()
      .from(domains)
      .where(own(domains, scope, id)),
  )
  return rows[0] ?? null
}

/** What hangs on a domain: a mailbox, an alias, or a domain that stands for it; null when nothing does. */
export async function domainInUse(
  db: Db,
  scope: { tenantId: string },
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

/** A page of the tenant's domains, oldest first: at most `limit` after the id `after`, among `ids`, with `contains` in the name. */
export async function listDomainRows(
  db: Db,
  scope: { tenantId: string },
  page: RowPage & {
    ids?: 'all' | readonly string[] | undefined
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
    .where(own(domains, scope, id))
    .returning({ id: domains.id })
  return rows.length > 0
}

/** Removes a domain and its aliases; true when it was there. Throws the foreign key violation while it has mailboxes. */
export async function deleteDomainRow(db: Db, scope: { tenantId: string }, id: string): Promise<boolean> {
  const { domains } = db.tables
  const rows = await db
    .delete(domains)
    .where(own(domains, scope, id))
    .returning({ id: domains.id })
  return rows.length > 0
}
