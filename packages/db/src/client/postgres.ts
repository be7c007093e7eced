import type { SQL } from 'drizzle-orm'
import { NodePgDatabase, NodePgSession } from 'drizzle-orm/node-postgres'
import { PgDialect } from 'drizzle-orm/pg-core'
import type pg from 'pg'
import { postgresTables } from '../schema/postgres.ts'
import { type Builder, type Channel, channelOf, type Db, makeDb, withoutWrapping } from './db.ts'
import { codeOf, DatabaseUnavailableError, SearchTooSlowError } from './errors.ts'
import { createWake, type Wake } from '../queue/wake.ts'
import { createLock } from './lock.ts'
import { createPool, translated } from './postgres-pool.ts'
import { refuseNesting, TransactionScope, TransactionState } from './transaction.ts'
import { createTurns } from './turns.ts'

type Query = (config: pg.QueryConfig | pg.QueryArrayConfig, params: unknown[]) => Promise<pg.QueryArrayResult>

/** Time limit for the first answer on a pooled connection, whose server may have silently gone. */
const BEGIN_MS = 5000

/** SQLSTATE of a statement that a time limit ended. */
const CANCELLED = '57014'
/** Most connections that searches take; at most half of the pool. */
const SEARCHES = 4

/** Shared by all handles: it caches column names. */
const dialect = new PgDialect({ casing: 'snake_case' })

function builderOver(query: Query): Builder {
  // The session only calls `query` on its client.
  const client = { query } as unknown as pg.Client
  const session = new NodePgSession<Record<string, never>, Record<string, never>>(client, dialect, undefined)
  return new NodePgDatabase(dialect, withoutWrapping(session), undefined)
}

const render = (query: SQL) => {
  const { sql, params } = dialect.sqlToQuery(query)
  return { sql, params }
}

const channelOver = (query: Query, wake: Wake, afterCommit: Channel['afterCommit']): Channel => ({
  all: async (text, params) => {
    const result = await query({ text, rowMode: 'array' }, [...params])
    return result.rows
  },
  render,
  afterCommit,
  jobsAdded: () => afterCommit(wake.tell),
})

/** An open PostgreSQL database. */
export interface PostgresClient {
  db: Db
  pool: pg.Pool
  close(): Promise<void>
}

/**
 * Opens a pool and checks that commits are on stable storage when answered. Throws DatabaseUnavailableError when the server does
 * not answer within 5 s.
 */
export async function openPostgres(
  url: string,
  maxConnections: number,
  { beginMs = BEGIN_MS, searchMs, wake = createWake() }: { beginMs?: number; searchMs?: number; wake?: Wake } = {},
): Promise<PostgresClient> {
  const pool = await createPool(url, maxConnections)
  const scope = new TransactionScope()
  const tables = postgresTables

  const within = async <T>(client: pg.PoolClient, state: TransactionState, fn: (tx: Db) => Promise<T>): Promise<T> => {
    let trouble: DatabaseUnavailableError | null = null
    /** After connection trouble nothing more is sent: the late answer would be taken for that of the next statement. */
    const ask = async (config: pg.QueryConfig, params?: unknown[]): Promise<pg.QueryArrayResult> => {
      if (trouble !== null) throw trouble
      try {
        return await translated(client.query(config as pg.QueryArrayConfig, params))
      } catch (error) {
        if (error instanceof DatabaseUnavailableError) trouble = error
        throw error
      }
    }
    const exec = async (text: string): Promise<void> => {
      const limit = text === 'begin' ? { query_timeout: beginMs } : {}
      const { command } = await ask({ text, ...limit })
      // PostgreSQL answers the commit of a failed transaction with a rollback, without an error.
      if (text === 'commit' && command !== 'COMMIT') throw new Error('the transaction was rolled back')
    }
    const handleOf = (state: TransactionState): Db => {
      // One after the other: the driver is about to refuse a query while another is running.
      const inTurn = createLock()
      const query: Query = (config, params) => state.run(() => inTurn(() => ask(config, params)))
      return makeDb(builderOver(query), {
        tables,
        dialect: 'postgres',
        transaction: refuseNesting,
        channel: channelOver(query, wake, (callback) => void state.committed.push(callback)),
      })
    }
    const statements = { begin: 'begin', commit: 'commit', rollback: 'rollback' }
    return scope.within(state, statements, exec, () => fn(handleOf(state)))
  }

  const begin = async <T>(fn: (tx: Db) => Promise<T>): Promise<T> => {
    scope.checkOutside()
    const client = await translated(pool.connect())
    const state = new TransactionState()
    try {
      const result = await within(client, state, fn)
      for (const callback of state.committed) callback()
      return result
    } finally {
      client.release(state.broken)
    }
  }

  const query: Query = async (config, params) => {
    scope.checkOutside()
    return translated(pool.query(config as pg.QueryArrayConfig, params))
  }
  const turns = createTurns({
    width: Math.max(1, Math.min(SEARCHES, Math.floor(maxConnections / 2))),
    ...(searchMs === undefined ? {} : { limitMs: searchMs }),
  })
  const apart: NonNullable<Channel['apart']> = async (reader, fn) => {
    scope.checkOutside()
    return turns.run(reader, async (left) => {
      try {
        return await begin(async (tx) => {
          // Compiling what reads a page takes seconds, and reading it a few milliseconds.
          const limits = `set_config('statement_timeout', $1, true), set_config('jit', 'off', true)`
          await channelOf(tx).all(`select ${limits}`, [String(Math.ceil(left()))])
          return fn(tx)
        })
      } catch (error) {
        if (codeOf(error) !== CANCELLED) throw error
        throw new SearchTooSlowError('the search took too long', { cause: error })
      }
    })
  }
  const db = makeDb(builderOver(query), {
    tables,
    dialect: 'postgres',
    transaction: begin,
    channel: { ...channelOver(query, wake, (callback) => callback()), apart },
  })
  return { db, pool, close: () => pool.end() }
}
