import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'

/** A column of JSON, or null where it takes more bytes: rows of one page must fit into memory, however they came about. */
export function jsonWithin<Data>(db: Db, column: AnyColumn<{ data: Data }>, bytes: number): SQL<Data | null> {
  // SQLite knows the size of a value without reading it.
  const size = db.dialect === 'sqlite' ? sql`octet_length(${column})` : sql`octet_length(${column}::text)`
  return sql<Data | null>`case when ${size} <= ${bytes} then ${column} end`.mapWith(column)
}
