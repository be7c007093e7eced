import type { SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Db } from '../client/db.ts'
import { locked } from '../dialect/index.ts'
import { own, type TenantScope } from './scope.ts'

/** A table whose rows have a tenant and an id. */
type EntityTable = PgTable & { tenantId: PgColumn; id: PgColumn }

/** The changeable columns of a row, each optional or undefined. */
export type Changeable<Row, Name extends keyof Row> = { [K in Name]?: Row[K] | undefined }

/** The single row that a statement with `returning` must return. Throws when there is none. */
export function only<T>(rows: readonly T[]): T {
  const [row] = rows
  if (row === undefined) throw new Error('the database returned no row')
  return row
}

/**
 * The row that a condition on a unique index selects, or null. `lock`: no one else can change it until the end of the transaction.
 */
export async function findRowWhere<T extends EntityTable>(
  db: Db,
  table: T,
  condition: SQL | undefined,
  lock = false,
): Promise<T['$inferSelect'] | null> {
  const query = db.select().from<EntityTable>(table).where(condition)
  const rows = await (lock ? locked(db, query) : query)
  // Cast: all columns of the table were selected.
  return (rows[0] as T['$inferSelect'] | undefined) ?? null
}

/** The scope's row with this id, or null. */
export const findRow = <T extends EntityTable>(
  db: Db,
  table: T,
  scope: TenantScope,
  id: string,
): Promise<T['$inferSelect'] | null> => findRowWhere(db, table, own(table, scope, id))

/**
 * The scope's row with this id, or null, locked until the end of the transaction. Use it to decide by a row and then change it: of
 * two at once, the second sees the first's change.
 */
export const lockRow = <T extends EntityTable>(
  tx: Db,
  table: T,
  scope: TenantScope,
  id: string,
): Promise<T['$inferSelect'] | null> => findRowWhere(tx, table, own(table, scope, id), true)

/**
 * Writes only the given columns of the scope's row with this id: concurrent changes of others stay. An undefined column counts as
 * not given; at least one must be given. Returns the new row, or null when there is none.
 */
export async function updateRow<T extends EntityTable>(
  db: Db,
  table: T,
  scope: TenantScope,
  id: string,
  change: Changeable<T['$inferSelect'], keyof T['$inferSelect']>,
): Promise<T['$inferSelect'] | null> {
  const rows = await db
    .update(table as EntityTable)
    .set(change)
    .where(own(table, scope, id))
    .returning()
  // Cast: all columns of the table were returned.
  return (rows[0] as T['$inferSelect'] | undefined) ?? null
}

/** Removes the scope's row with this id; true if it existed. Throws the foreign key violation while others reference it. */
export async function deleteRow(db: Db, table: EntityTable, scope: TenantScope, id: string): Promise<boolean> {
  const rows = await db
    .delete(table)
    .where(own(table, scope, id))
    .returning({ id: table.id })
  return rows.length > 0
}
