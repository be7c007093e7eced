import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import type { Tables } from '../schema/define.ts'

type Full = PgDatabase<NodePgQueryResultHKT, Record<string, never>>

/**
 * The part of drizzle that both databases share, with the tables of the open database beside it. A query takes a `Db` and
 * reads its tables from it: `db.select().from(db.tables.domains)`.
 * Inside `transaction(fn)` only the handle given to `fn` may be used; the outer one, and a finished transaction's, throw.
 */
export type Db = Pick<
  Full,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | '$count' | 'with' | '$with'
> & {
  readonly tables: Tables
  readonly dialect: 'sqlite' | 'postgres'
  transaction<T>(fn: (tx: Db) => Promise<T>): Promise<T>
}
