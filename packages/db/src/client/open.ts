import type { Changes } from '../changes/changes.ts'
import { postgresChanges } from '../changes/postgres.ts'
import { sqliteChanges } from '../changes/sqlite.ts'
import { notifyWorkers } from '../queue/postgres-wake.ts'
import { startPostgresJobs } from '../queue/postgres-worker.ts'
import { startSqliteJobs } from '../queue/sqlite-worker.ts'
import { createWake } from '../queue/wake.ts'
import type { RunningJobs, WorkOptions } from '../queue/worker.ts'
import { migrate, type OnPending } from '../migrate.ts'
import { channelOf, type Db, type Dialect } from './db.ts'
import { DatabaseUnavailableError } from './errors.ts'
import { opening } from './explain.ts'
import type { DatabaseOptions } from './options.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

const DEFAULT_CONNECTIONS = 20

/** An open database. */
export interface Database {
  readonly dialect: Dialect
  readonly db: Db
  readonly changes: Changes
  /** Runs jobs (`@mairust/db/queue`) in this process, until it is stopped; stop it before `close`. */
  work(options: WorkOptions): Promise<RunningJobs>
  /** Resolves when the database answers; throws when it does not. */
  ready(): Promise<void>
  /** Waits for running work and closes everything; the handles become unusable. */
  close(): Promise<void>
}

/**
 * Opens the database that `database` configures; with `migrate`, first migrates it to this program's schema.
 * Throws DatabaseUnavailableError, DatabaseBusyError, DatabaseOpenError or MigrationError: each says where, why, and what to do.
 */
export async function openDatabase(
  options: DatabaseOptions,
  settings: {
    migrate?: boolean | undefined
    migrationsDir?: string | undefined
    onPending?: OnPending | undefined
  } = {},
): Promise<Database> {
  if (settings.migrate === true) await migrate(options, settings.migrationsDir, settings.onPending)
  return opening(options, () =>
    options.backend === 'sqlite'
      ? openOnSqlite(options.path)
      : openOnPostgres(options.url, options.max_connections ?? DEFAULT_CONNECTIONS),
  )
}

const sqliteReady = (db: Db) => async (): Promise<void> => {
  await channelOf(db).all('select 1', [])
}

/** A server that has become a standby answers, but keeps nothing. */
const postgresReady = (db: Db) => async (): Promise<void> => {
  const [[readOnly] = []] = await channelOf(db).all("select current_setting('transaction_read_only')", [])
  if (readOnly === 'on') throw new DatabaseUnavailableError('the database is read-only')
}

async function openOnSqlite(path: string): Promise<Database> {
  const wake = createWake()
  const client = await openSqlite(path, wake)
  const changes = sqliteChanges((text, params) => client.readOwn(text, params), wake.tell)
  return {
    dialect: 'sqlite',
    db: client.db,
    changes,
    work: (options) => Promise.resolve(startSqliteJobs(client.db, wake, options)),
    ready: sqliteReady(client.db),
    close: async () => {
      changes.stop()
      await client.close()
    },
  }
}

async function openOnPostgres(url: string, connections: number): Promise<Database> {
  const wake = createWake()
  const client = await openPostgres(url, connections, { wake })
  const changes = postgresChanges(url, client.db)
  const notify = notifyWorkers(client.db, wake)
  return {
    dialect: 'postgres',
    db: client.db,
    changes,
    work: (options) => startPostgresJobs(url, client.db, wake, options),
    ready: postgresReady(client.db),
    close: async () => {
      await notify.stop()
      await changes.stop()
      await client.close()
    },
  }
}
