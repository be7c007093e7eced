import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { contains } from '../dialect.ts'
import type { Tables } from '../schema/define.ts'
import { among, only } from './row.ts'
import { fromPage, own, type RowPage } from './scope.ts'

/** An alias as stored. */
export type AliasRow = Tables['aliases']['$inferSelect']

/** Adds an alias. Throws the unique violation (`aliases_address_key`) when there is one with this address. */
export async function insertAlias(
  db: Db,
  scope: { tenantId: string },
  alias: Omit<AliasRow, 'tenantId'>,
): Promise<AliasRow> {
  const row = { ...alias, tenantId: scope.tenantId }
  return only(await db.insert(db.tables.aliases).values(row).returning())
}

/** The tenant's alias with this id, or null. */
export async function findAlias(db: Db, scope: { tenantId: string }, id: string): Promise<AliasRow | null> {
  const { aliases } = db.tables
  const rows = await db
    .select()
    .from(aliases)
    .where(own(aliases, scope, id))
  return rows[0] ?? null
}

/** The tenant's alias with this address, or null. */
export async function findAliasByAddress(
  db: Db,
  scope: { tenantId: string },
  address: string,
): Promise<AliasRow | null> {
  const { aliases } = db.tables
  const rows = await db
    .select()
    .from(aliases)
    .where(and(eq(aliases.tenantId, scope.tenantId), eq(aliases.address, address)))
  return rows[0] ?? null
}

/** A page of the tenant's aliases, oldest first; `contains` is looked for in the address. */
export async function listAliasRows(
  db: Db,
  scope: { tenantId: string },
  page: RowPage & {
    domainIds?: 'all' | readonly string[] | undefined
  },
): Promise<AliasRow[]> {
  const { aliases } = db.tables
  return db
    .select()
    .from(aliases)
    .where(
      fromPage(
        aliases,
        scope,
        page,
        among(aliases.domainId, page.domainIds ?? 'all'),
        page.contains === undefined ? undefined : contains(db, aliases.address, page.contains),
      ),
    )
    .orderBy(asc(aliases.id))
    .limit(page.limit)
}

/** Changes an alias; true when it is there. */
export async function updateAliasRow(
  db: Db,
  scope: { tenantId: string },
  id: string,
  change: Partial<Pick<AliasRow, 'address' | 'domainId' | 'targets' | 'enabled' | 'updatedAt'>>,
): Promise<boolean> {
  const { aliases } = db.tables
  const rows = await db
    .update(aliases)
    .set(change)
    .where(own(aliases, scope, id))
    .returning({ id: aliases.id })
  return rows.length > 0
}

/** Removes an alias; true when it was there. */
export async function deleteAliasRow(db: Db, scope: { tenantId: string }, id: string): Promise<boolean> {
  const { aliases } = db.tables
  const rows = await db
    .delete(aliases)
    .where(own(aliases, scope, id))
    .returning({ id: aliases.id })
  return rows.length > 0
}
