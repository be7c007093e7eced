import type { SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Db } from '../client/db.ts'
import { locked } from '../dialect/index.ts'
import { own, type TenantScope } from './scope.ts'

/** A table whose rows have a tenant and an id. */
type EntityTable = PgTable & { tenantId: PgColumn; id: PgColumn }

/**
 * A row to add: the scope gives the tenant, and columns with a default may be left out, as may the time of the last change, which is
 * that of the creation.
 * @typeParam Made columns that its query makes
 */
export type NewRow<T extends EntityTable, Made extends keyof T['$inferInsert'] = never> = Omit<
  T['$inferInsert'],
  'tenantId' | 'updatedAt' | Made
> & { updatedAt?: Date | undefined }

/**
 * The columns to write, each optional or undefined: all but those that say which row it is.
 * @typeParam Kept columns that no general change may write
 */
export type RowChange<T extends EntityTable, Kept extends keyof T['$inferSelect'] = never> = Changeable<
  Omit<T['$inferSelect'], 'tenantId' | 'id' | 'createdAt' | Kept>
>

type Changeable<Row> = { [K in keyof Row]?: Row[K] | undefined }

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

/** Adds a row to the scope, and returns it with what its columns have by default. Throws what the table's constraints throw. */
export async function insertRow<T extends EntityTable>(
  db: Db,
  table: T,
  scope: TenantScope,
  row: Changeable<T['$inferInsert']> & { createdAt: Date },
): Promise<T['$inferSelect']> {
  const values = { updatedAt: row.createdAt, ...row, tenantId: scope.tenantId }
  return only(
    await db
      .insert(table as EntityTable)
      .values(values)
      .returning(),
  )
}

/**
 * Writes only the given columns of the scope's row with this id: concurrent changes of others stay. An undefined column counts as
 * not given; at least one must be given. Returns the new row, or null when there is none.
 */
export async function updateRow<T extends EntityTable>(
  db: Db,
  table: T,
  scope: TenantScope,
  id: string,
  change: Changeable<T['$inferSelect']>,
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
