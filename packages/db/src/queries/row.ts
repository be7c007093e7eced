import type { AnyColumn, SQL } from 'drizzle-orm'
import { inArray, sql } from 'drizzle-orm'

/** The one row that a statement with `returning` must have given. Throws when it gave none. */
export function only<T>(rows: readonly T[]): T {
  const [row] = rows
  if (row === undefined) throw new Error('the database returned no row')
  return row
}

/** The condition that a column is one of these; undefined for `all`, never true for none. */
export function among(column: AnyColumn, ids: 'all' | readonly string[]): SQL | undefined {
  if (ids === 'all') return undefined
  return ids.length === 0 ? sql`1 = 0` : inArray(column, [...ids])
}
