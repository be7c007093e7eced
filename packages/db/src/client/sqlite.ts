import { setImmediate } from 'node:timers/promises'
import type { SQL } from 'drizzle-orm'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import { SqliteRemoteDatabase, SQLiteRemoteSession } from 'drizzle-orm/sqlite-proxy'
import type { Tables } from '../schema/define.ts'
import { sqliteTables } from '../schema/sqlite.ts'
import { type Builder, type Channel, type Db, makeDb, withoutWrapping } from './db.ts'
import { createWake, type Wake } from '../queue/wake.ts'
import { createLock } from './lock.ts'
import { retryBusy } from './retry.ts'
import { openConnections } from './sqlite-connection.ts'
import { sqliteSearches } from './sqlite-searches.ts'
import { runStatement, Statements } from './statements.ts'
import { refuseNesting, TransactionScope, TransactionState } from './transaction.ts'

type All = Channel['all']

/** Milliseconds a transaction works before it yields to the event loop: its statements are synchronous, and may be thousands. */
const TURN_MS = 10

/** Shared by all handles: it caches column names. */
const dialect = new SQLiteAsyncDialect({ casing: 'snake_case' })

function builderOver(all: All): Builder {
  const session = new SQLiteRemoteSession<Record<string, never>, Record<string, never>>(
    async (text, params: unknown[], method) => {
      const rows = await all(text, params)
      // `get` returns one row, or undefined, which the type of drizzle's callback does not allow.
      return { rows: method === 'get' ? (rows[0] ?? (undefined as never)) : rows }
    },
    dialect,
    undefined,
  )
  // The tables are typed as PostgreSQL's (see schema/kit.ts), and so is the handle.
  return new SqliteRemoteDatabase('async', dialect, withoutWrapping(session), undefined) as unknown as Builder
}

const render = (query: SQL) => {
  const { sql, params } = dialect.sqlToQuery(query)
  return { sql, params }
}

/** An open SQLite file. `readOwn` runs a statement on the read connection. */
export interface SqliteClient {
  db: Db
  readOwn(text: string, params: readonly unknown[]): unknown[][]
  close(): Promise<void>
}

/**
 * Opens a SQLite file with one write connection behind a lock and one for reads outside transactions.
 * Throws DatabaseBusyError when another process holds it for more than 5 s.
 */
export async function openSqlite(path: string, wake: Wake = createWake()): Promise<SqliteClient> {
  const { writer, reader } = await openConnections(path)
  const onWriter = new Statements(writer)
  const onReader = new Statements(reader)
  const scope = new TransactionScope()
  const exclusive = createLock()
  const tables: Tables = sqliteTables

  const exec = (text: string): void => {
    // A failed commit or a full disk may have ended the transaction already.
    if (!writer.inTransaction && text.startsWith('rollback')) return
    runStatement(onWriter.get(text), [])
  }

  /** When the running transaction last yielded to the event loop. */
  let turn = 0
  const handleOf = (state: TransactionState): Db => {
    const all: All = (text, params) =>
      state.run(async () => {
        const rows = runStatement(onWriter.get(text), params)
        // The lock protects this connection, so other work may run within the transaction.
        if (performance.now() - turn > TURN_MS) {
          await setImmediate()
          turn = performance.now()
        }
        return rows
      })
    return makeDb(builderOver(all), {
      tables,
      dialect: 'sqlite',
      transaction: refuseNesting,
      channel: {
        all,
        render,
        afterCommit: (fn) => void state.committed.push(fn),
        jobsAdded: () => void state.committed.push(wake.tell),
      },
    })
  }

  const begin = async <T>(fn: (tx: Db) => Promise<T>): Promise<T> => {
    const state = new TransactionState()
    const result = await exclusive(async () => {
      // Only needed after a failed rollback, on a broken disk.
      exec('rollback')
      await retryBusy(() => exec('begin immediate'))
      turn = performance.now()
      const statements = { begin: 'select 1', commit: 'commit', rollback: 'rollback' }
      return scope.within(state, statements, exec, () => fn(handleOf(state)))
    })
    for (const callback of state.committed) callback()
    return result
  }

  const all: All = async (text, params) => {
    scope.checkOutside()
    const statement = onReader.get(text)
    if (statement.readonly) return retryBusy(() => runStatement(statement, params))
    return exclusive(() => retryBusy(() => runStatement(onWriter.get(text), params)))
  }

  const searches = sqliteSearches(path, (read) =>
    makeDb(builderOver(read), {
      tables,
      dialect: 'sqlite',
      transaction: refuseNesting,
      channel: { all: read, render, afterCommit: (fn) => fn(), jobsAdded: wake.tell },
    }),
  )
  const db = makeDb(builderOver(all), {
    tables,
    dialect: 'sqlite',
    transaction: async (fn) => {
      scope.checkOutside()
      return begin(fn)
    },
    channel: {
      all,
      render,
      afterCommit: (fn) => fn(),
      jobsAdded: wake.tell,
      apart: async (reader, fn) => {
        scope.checkOutside()
        return searches.apart(reader, fn)
      },
    },
  })

  return {
    db,
    readOwn: (text, params) => runStatement(onReader.get(text), params),
    close: () =>
      exclusive(async () => {
        await searches.close()
        reader.close()
        writer.close()
      }),
  }
}
