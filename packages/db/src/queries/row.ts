import type { SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Db } from '../client/db.ts'
import { locked } from '../dialect/index.ts'
import { own } from './scope.ts'

/** A table of ours whose rows belong to a tenant and are named by an id. */
type EntityTable = PgTable & { tenantId: PgColumn; id: PgColumn }

type Scope = { tenantId: string }

/** Columns of a row that may be changed: each may be left out, or undefined. */
export type Changeable<Row, Name extends keyof Row> = { [K in Name]?: Row[K] | undefined }

/** The one row that a statement with `returning` must have given. Throws when it gave none. */
export function only<T>(rows: readonly T[]): T {
  const [row] = rows
  if (row === undefined) throw new Error('the database returned no row')
  return row
}

/** The row that a condition of a unique index picks, or null. `lock`: nobody else changes it until the end of the transaction. */
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
  scope: Scope,
  id: string,
): Promise<T['$inferSelect'] | null> => findRowWhere(db, table, own(table, scope, id))

/**
 * The scope's row with this id, or null, locked until the end of the transaction. Whoever decides by a row and then changes it
 * reads it so: of two at once the second sees what the first did.
 */
export const lockRow = <T extends EntityTable>(
  tx: Db,
  table: T,
  scope: Scope,
  id: string,
): Promise<T['$inferSelect'] | null> => findRowWhere(tx, table, own(table, scope, id), true)

/**
 * Writes the given columns of the scope's row with this id, and no others: what somebody else changed meanwhile stays. A column
 * that is undefined counts as not given; one at least must be. Gives the row as it is then, or null when there is none.
 */
export async function updateRow<T extends EntityTable>(
  db: Db,
  table: T,
  scope: Scope,
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

/** Removes the scope's row with this id; true when it was there. Throws the foreign key violation while others refer to it. */
export async function deleteRow(db: Db, table: EntityTable, scope: Scope, id: string): Promise<boolean> {
  const rows = await db
    .delete(table)
    .where(own(table, scope, id))
    .returning({ id: table.id })
  return rows.length > 0
}
