import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { contains } from '../dialect/index.ts'
import type { Tables } from '../schema/define.ts'
import type { IdSet } from './id-set.ts'
import { deleteRow, findRow, findRowWhere, insertRow, lockRow, updateRow, type NewRow, type RowChange } from './row.ts'
import { among, fromPage, type RowPage, type TenantScope } from './scope.ts'

/** An alias as stored. */
export type AliasRow = Tables['aliases']['$inferSelect']

/** Adds an alias. Throws the unique violation (`aliases_address_key`) when one has this address. */
export const insertAlias = (db: Db, scope: TenantScope, alias: NewRow<Tables['aliases']>): Promise<AliasRow> =>
  insertRow(db, db.tables.aliases, scope, alias)

/** The tenant's alias with this id, or null. */
export const findAlias = (db: Db, scope: TenantScope, id: string): Promise<AliasRow | null> =>
  findRow(db, db.tables.aliases, scope, id)

/** The tenant's alias with this id, or null, locked until the end of the transaction. */
export const lockAlias = (tx: Db, scope: TenantScope, id: string): Promise<AliasRow | null> =>
  lockRow(tx, tx.tables.aliases, scope, id)

/** The tenant's alias with this address, or null. */
export function findAliasByAddress(db: Db, scope: TenantScope, address: string): Promise<AliasRow | null> {
  const { aliases: a } = db.tables
  return findRowWhere(db, a, and(eq(a.tenantId, scope.tenantId), eq(a.address, address)))
}

/** A page of the tenant's aliases, oldest first; `contains` searches the address. */
export async function listAliasRows(
  db: Db,
  scope: TenantScope,
  page: RowPage & {
    domainIds?: IdSet | undefined
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

/** The changeable columns of an alias. */
export type AliasChange = RowChange<Tables['aliases']>

/** Changes an alias and returns the new row; null when there is none. */
export const updateAliasRow = (db: Db, scope: TenantScope, id: string, change: AliasChange): Promise<AliasRow | null> =>
  updateRow(db, db.tables.aliases, scope, id, change)

/** Removes an alias; true if it existed. */
export const deleteAliasRow = (db: Db, scope: TenantScope, id: string): Promise<boolean> =>
  deleteRow(db, db.tables.aliases, scope, id)

/** The targets of each alias of a domain. */
export async function aliasTargetsOfDomain(db: Db, scope: TenantScope, domainId: string): Promise<string[][]> {
  const { aliases: a } = db.tables
  const rows = await db
    .select({ targets: a.targets })
    .from(a)
    .where(and(eq(a.tenantId, scope.tenantId), eq(a.domainId, domainId)))
  return rows.map(({ targets }) => targets)
}

/** Removes the aliases of a domain; returns their addresses. */
export async function deleteAliasesOfDomain(db: Db, scope: TenantScope, domainId: string): Promise<string[]> {
  const { aliases: a } = db.tables
  const rows = await db
    .delete(a)
    .where(and(eq(a.tenantId, scope.tenantId), eq(a.domainId, domainId)))
    .returning({ address: a.address })
  return rows.map(({ address }) => address).sort()
}
