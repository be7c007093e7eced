import type { SQL } from 'drizzle-orm'
import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import type { Tables } from '../schema/define.ts'
import { HandleError } from './errors.ts'

/** drizzle's own handle, in PostgreSQL's types. */
export type Builder = PgDatabase<NodePgQueryResultHKT>
export type Dialect = 'sqlite' | 'postgres'

/**
 * The part of drizzle that both databases share, plus the tables of the open database: `db.select().from(db.tables.domains)`.
 * Inside `transaction(fn)` only the handle given to `fn` may be used; the outer one, and that of a finished transaction, throw.
 * A failed statement fails its whole transaction. Transactions do not nest.
 */
export type Db = Pick<
  Builder,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | '$count' | 'with' | '$with'
> & {
  readonly tables: Tables
  readonly dialect: Dialect
  transaction<T>(fn: (tx: Db) => Promise<T>): Promise<T>
}

/** What a handle can do beyond `Db`; only for files of this package that depend on the dialect. */
export interface Channel {
  /** Runs one statement; returns rows as arrays of driver values. */
  all(text: string, params: readonly unknown[]): Promise<unknown[][]>
  /** The text and driver parameters of a drizzle expression. */
  render(query: SQL): { sql: string; params: unknown[] }
  /** Runs `fn` once the transaction is committed, immediately outside of one; never after a rollback. */
  afterCommit(fn: () => void): void
  /** Jobs were added: tells those who run them, once the transaction is committed. */
  jobsAdded(): void
  /** Runs a search so that it stops nobody else's statements; missing inside transactions. See `searchApart`. */
  apart?: <T>(reader: string, fn: (db: Db) => Promise<T>) => Promise<T>
}

const channels = new WeakMap<object, Channel>()

/** The channel behind a handle. */
export function channelOf(db: Db): Channel {
  const channel = channels.get(db)
  if (channel === undefined) throw new HandleError('this handle was not made by openDatabase')
  return channel
}

/** Runs a drizzle expression that the builders cannot express; returns rows as arrays of driver values. */
export function runSql(db: Db, query: SQL): Promise<unknown[][]> {
  const channel = channelOf(db)
  const { sql, params } = channel.render(query)
  return channel.all(sql, params)
}

/**
 * Runs a search, which may take long, apart from all other statements: in turn with the searches of other readers, within a time
 * limit, on SQLite in a thread of its own. `fn` only reads, with the handle it is given. Throws SearchTooSlowError or
 * SearchBusyError.
 */
export function searchApart<T>(db: Db, reader: string, fn: (db: Db) => Promise<T>): Promise<T> {
  const { apart } = channelOf(db)
  return apart === undefined ? fn(db) : apart(reader, fn)
}

/** Builds a handle that exposes only what both databases can do. */
export function makeDb(
  builder: Builder,
  rest: Pick<Db, 'tables' | 'dialect' | 'transaction'> & { channel: Channel },
): Db {
  const { channel, ...own } = rest
  const bound = <K extends Exclude<keyof Builder & keyof Db, 'transaction'>>(name: K): Builder[K] =>
    (builder[name] as (...args: never[]) => unknown).bind(builder) as unknown as Builder[K]
  const db: Db = {
    select: bound('select'),
    selectDistinct: bound('selectDistinct'),
    insert: bound('insert'),
    update: bound('update'),
    delete: bound('delete'),
    $count: bound('$count'),
    with: bound('with'),
    $with: bound('$with'),
    ...own,
  }
  channels.set(db, channel)
  return db
}

/** The same handle, but every transaction starts with `first`; an error in it rolls back before anything is done. */
export function guardTransactions(db: Db, first: (tx: Db) => Promise<void>): Db {
  const handle: Db = {
    ...db,
    transaction: (fn) =>
      db.transaction(async (tx) => {
        await first(tx)
        return fn(tx)
      }),
  }
  channels.set(handle, channelOf(db))
  return handle
}

/**
 * drizzle wraps each failure in an error that repeats all parameters, mail and password hashes among them. This makes a session's
 * queries throw the driver's error itself.
 */
export function withoutWrapping<S extends { prepareQuery: (...args: never[]) => object }>(session: S): S {
  const prepare = session.prepareQuery.bind(session) as (...args: unknown[]) => object
  const queryWithCache = <T>(_text: string, _params: unknown[], run: () => Promise<T>): Promise<T> => run()
  const prepareQuery = (...args: unknown[]): object => Object.assign(prepare(...args), { queryWithCache })
  return Object.assign(session, { prepareQuery })
}
