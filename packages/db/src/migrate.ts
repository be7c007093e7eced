import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type Db, type Dialect, channelOf } from './client/db.ts'
import { MigrationError } from './client/errors.ts'
import { opening } from './client/explain.ts'
import type { DatabaseOptions } from './client/options.ts'
import { connectionSettings, translated } from './client/postgres-pool.ts'
import { checkServer } from './client/postgres-server.ts'
import { retryBusy } from './client/retry.ts'
import { openWriter } from './client/sqlite-connection.ts'
import { hasTable } from './dialect/catalog.ts'
import { SCHEMA } from './queue/postgres.ts'
import { nameKey } from './queries/name-key.ts'

export interface MigrationStatus {
  applied: { tag: string; appliedAt: string }[]
  pending: string[]
}

/** Called with the pending migrations before the first, if there are any: on a large database one may take minutes. */
export type OnPending = (tags: readonly string[]) => void

interface Migration {
  tag: string
  statements: string[]
}

const JOURNAL = `create table if not exists mairust_migrations (tag text primary key, hash text not null, applied_at text not null)`
const APPLIED = 'select tag, applied_at from mairust_migrations order by tag'
/** An arbitrary number, the same on every node. */
const ADVISORY_LOCK = 7_241_903_552

/**
 * The folder with `sqlite/` and `postgres/`: `migrations` in the nearest folder above this file that has it, or
 * `packages/db/migrations` of the repository for a bundle. Throws MigrationError when there is none.
 */
export function findMigrations(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    for (const candidate of [join(folder, 'migrations'), join(folder, 'packages/db/migrations')]) {
      if (existsSync(join(candidate, 'sqlite/meta/_journal.json'))) return candidate
    }
    if (folder === dirname(folder)) throw new MigrationError('the migrations of the database were not found')
  }
}

/** Reads the migrations of one database, in order. */
export function readMigrations(dialect: Dialect, folder: string = findMigrations()): Migration[] {
  const journal = JSON.parse(readFileSync(join(folder, dialect, 'meta/_journal.json'), 'utf8')) as {
    entries: { tag: string }[]
  }
  return journal.entries.map(({ tag }) => ({
    tag,
    statements: readFileSync(join(folder, dialect, `${tag}.sql`), 'utf8').split('--> statement-breakpoint'),
  }))
}

const hashOf = (migration: Migration): string =>
  createHash('sha256').update(migration.statements.join('\n')).digest('hex')

function pendingOf(all: Migration[], applied: string[]): Migration[] {
  const unknown = applied.find((tag) => !all.some((migration) => migration.tag === tag))
  if (unknown !== undefined) {
    throw new MigrationError(
      `the database was made by a newer MaiRust (it has the migration ${unknown}); install that one`,
    )
  }
  return all.filter(({ tag }) => !applied.includes(tag))
}

/**
 * Migrates a database to this program's schema. Each migration is one transaction, so an interrupted one is repeated; nodes that
 * start together apply it once. Throws MigrationError when the database is newer than the program, DatabaseUnavailableError,
 * DatabaseBusyError or DatabaseOpenError when it cannot be opened. Returns the tags applied now.
 */
export async function migrate(
  options: DatabaseOptions,
  folder: string = findMigrations(),
  onPending: OnPending = () => undefined,
): Promise<string[]> {
  return opening(options, () =>
    options.backend === 'sqlite'
      ? migrateSqlite(options.path, readMigrations('sqlite', folder), onPending)
      : migratePostgres(options.url, readMigrations('postgres', folder), onPending),
  )
}

function tell(onPending: OnPending, pending: readonly Migration[]): void {
  if (pending.length > 0) onPending(pending.map(({ tag }) => tag))
}

async function migrateSqlite(path: string, all: Migration[], onPending: OnPending): Promise<string[]> {
  const connection = await openWriter(path)
  try {
    // Rebuilding a table drops it, which would delete rows that reference it. No effect inside a transaction.
    connection.pragma('foreign_keys = OFF')
    // SQLite's own `lower` handles only ASCII.
    connection.function('mairust_name_key', { deterministic: true }, (name) => nameKey(String(name)))
    await retryBusy(() => connection.exec(JOURNAL))
    const pending = (): Migration[] =>
      pendingOf(
        all,
        connection
          .prepare<[], { tag: string }>(APPLIED)
          .all()
          .map(({ tag }) => tag),
      )
    const next = (): Migration | undefined => pending()[0]
    tell(onPending, pending())
    const step = connection.transaction((): string | null => {
      const migration = next()
      if (migration === undefined) return null
      for (const statement of migration.statements) connection.exec(statement)
      const broken = connection.pragma('foreign_key_check') as unknown[]
      if (broken.length > 0) throw new MigrationError(`migration ${migration.tag} leaves broken references`)
      connection
        .prepare('insert into mairust_migrations (tag, hash, applied_at) values (?, ?, ?)')
        .run(migration.tag, hashOf(migration), new Date().toISOString())
      return migration.tag
    })
    const done: string[] = []
    // Checked before taking the write lock, so that starting next to a busy process does not wait.
    while (next() !== undefined) {
      const tag = await retryBusy(() => step.immediate())
      if (tag !== null) done.push(tag)
    }
    return done
  } finally {
    connection.close()
  }
}

async function migratePostgres(url: string, all: Migration[], onPending: OnPending): Promise<string[]> {
  const client = new pg.Client(connectionSettings(url))
  client.on('error', () => undefined)
  try {
    await translated(client.connect())
    await checkServer((text) => translated(client.query(text)))
    await translated(client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]))
    await translated(client.query(JOURNAL))
    const { rows } = await translated(client.query<{ tag: string }>(APPLIED))
    const pending = pendingOf(
      all,
      rows.map(({ tag }) => tag),
    )
    tell(onPending, pending)
    await migrateJobs(url)
    for (const migration of pending) {
      await translated(client.query('begin'))
      for (const statement of migration.statements) await translated(client.query(statement))
      await translated(
        client.query('insert into mairust_migrations (tag, hash, applied_at) values ($1, $2, $3)', [
          migration.tag,
          hashOf(migration),
          new Date().toISOString(),
        ]),
      )
      await translated(client.query('commit'))
    }
    return pending.map(({ tag }) => tag)
  } finally {
    // Ends the transaction and the lock as well.
    await client.end().catch(() => undefined)
  }
}

/** Migrates graphile-worker's schema, which ours builds upon. The caller holds the lock. */
async function migrateJobs(url: string): Promise<void> {
  const { Logger, runMigrations } = await import('graphile-worker')
  const pgPool = new pg.Pool({ ...connectionSettings(url), max: 1 })
  pgPool.on('error', () => undefined)
  pgPool.on('connect', (client) => client.on('error', () => undefined))
  try {
    await translated(runMigrations({ pgPool, schema: SCHEMA, logger: new Logger(() => () => undefined) }))
  } finally {
    await pgPool.end()
  }
}

/** The migrations that an open database has, and those that this program would add. Throws MigrationError when it is newer. */
export async function migrationStatus(
  database: { db: Db },
  folder: string = findMigrations(),
): Promise<MigrationStatus> {
  const { db } = database
  const rows = (await hasTable(db, 'mairust_migrations')) ? await channelOf(db).all(APPLIED, []) : []
  const applied = rows.map(([tag, appliedAt]) => ({ tag: String(tag), appliedAt: String(appliedAt) }))
  const pending = pendingOf(
    readMigrations(db.dialect, folder),
    applied.map(({ tag }) => tag),
  )
  return { applied, pending: pending.map(({ tag }) => tag) }
}
