import { randomBytes } from 'node:crypto'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, inject, it } from 'vitest'
import { type Database, openDatabase } from '../client/open.ts'
import type { Dialect } from '../client/db.ts'
import type { DatabaseOptions } from '../client/options.ts'
import { runAdmin } from './admin.ts'

const DIALECTS: readonly Dialect[] = ['sqlite', 'postgres']
const REMEDY = 'install PostgreSQL, or set MAIRUST_TEST_DATABASE_URL'

/** A suite's own open database. `options` open it a second time, as another process would. */
export type TestDatabase = Database & { readonly options: DatabaseOptions }

/**
 * Runs a suite on SQLite and PostgreSQL, each with a fresh, migrated database that is empty but for the system tenant. `get`
 * returns it, inside tests and hooks. Without a PostgreSQL its suite is skipped, or fails with CI=true.
 */
export function withDatabases(suite: (get: () => TestDatabase) => void): void {
  for (const dialect of DIALECTS) {
    if (dialect === 'postgres' && inject('mairustTemplates').postgres === null) {
      describe('on postgres', () => {
        if (process.env['CI'] === 'true') {
          it('has a server', () => {
            throw new Error(`no PostgreSQL: ${REMEDY}`)
          })
        } else it.skip(`skipped: ${REMEDY}`)
      })
      continue
    }
    describe(`on ${dialect}`, () => {
      let open: TestDatabase | null = null
      let drop = (): Promise<void> => Promise.resolve()
      beforeAll(async () => {
        const made = await createTestDatabase(dialect)
        drop = made.drop
        open = { ...(await openDatabase(made.options)), options: made.options }
      })
      afterAll(async () => {
        await open?.close()
        await drop()
      })
      suite(() => {
        if (open === null) throw new Error('the database is open in tests and hooks only')
        return open
      })
    })
  }
}

/** Creates a fresh database without opening it: migrated, or without tables. */
export async function createTestDatabase(
  dialect: Dialect,
  { empty = false }: { empty?: boolean | undefined } = {},
): Promise<{ options: DatabaseOptions; drop: () => Promise<void> }> {
  const { folder, sqlite, postgres } = inject('mairustTemplates')
  const name = randomBytes(6).toString('hex')
  if (dialect === 'sqlite') {
    const path = join(folder, `${name}.db`)
    await (empty ? writeFile(path, '') : copyFile(sqlite, path))
    return { options: { backend: 'sqlite', path }, drop: () => Promise.resolve() }
  }
  if (postgres === null) throw new Error(`no PostgreSQL: ${REMEDY}`)
  const database = `${postgres.prefix}_${name}`
  await cloneTemplate(postgres.admin, database, empty ? 'template0' : postgres.template)
  const url = new URL(postgres.admin)
  url.pathname = `/${database}`
  return {
    options: { backend: 'postgres', url: url.href, max_connections: 25 },
    drop: () => runAdmin(postgres.admin, `drop database if exists ${database} with (force)`),
  }
}

/** Retries: two suites cannot copy the template at the same time. */
async function cloneTemplate(admin: string, database: string, template: string): Promise<void> {
  for (let left = 100; ; left -= 1) {
    try {
      await runAdmin(admin, `create database ${database} template ${template}`)
      return
    } catch (error) {
      if (left === 0 || !(error instanceof Error && 'code' in error && error.code === '55006')) throw error
      await new Promise((resolve) => void setTimeout(resolve, 50))
    }
  }
}
