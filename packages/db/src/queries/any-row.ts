import { type SQL, sql, type SQLWrapper } from 'drizzle-orm'

/** A query of one column that is never null. */
interface Limitable {
  limit(count: number): SQLWrapper
}

/**
 * Whether a query about the row has an answer. Unlike `exists`, which PostgreSQL may answer for all rows at once, it is looked up for
 * each row that is read: right for a page of a large table.
 */
export const hasRow = (query: Limitable): SQL => sql`${query.limit(1)} is not null`

/** Whether a query about the row has no answer. */
export const hasNoRow = (query: Limitable): SQL => sql`${query.limit(1)} is null`
