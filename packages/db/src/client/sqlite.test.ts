import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createHistogram } from 'node:perf_hooks'
import Connection from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createId } from '../id.ts'
import { createTestDatabase } from '../testing/index.ts'
import { DatabaseBusyError } from './errors.ts'
import { type Database, openDatabase } from './open.ts'
import { isBusy, retryBusy } from './retry.ts'
import { openWriter } from './sqlite-connection.ts'
import { Statements } from './statements.ts'
import { isDiskFull } from '../dialect/violations.ts'

let path = ''
let database: Database
beforeEach(async () => {
  const { options } = await createTestDatabase('sqlite')
  if (options.backend !== 'sqlite') throw new Error('not SQLite')
  path = options.path
  database = await openDatabase(options)
})
afterEach(() => database.close())

const addTenant = () => {
  const { db } = database
  return db.insert(db.tables.tenants).values({ id: createId('tnt'), name: 'T', createdAt: new Date() })
}

/** Makes another process hold the write lock for some time. Resolves once it does. */
async function holdElsewhere(ms: number): Promise<{ over: Promise<unknown> }> {
  const script = join(dirname(path), `${createId('jrn')}.cjs`)
  const library = createRequire(import.meta.url).resolve('better-sqlite3')
  await writeFile(
    script,
    `const c = new (require(${JSON.stringify(library)}))(${JSON.stringify(path)})
     c.exec('begin immediate')
     c.prepare('insert into tenants (id, name, created_at) values (?, ?, 0)').run('tnt_other', 'Other')
     process.send('locked')
     setTimeout(() => { c.exec('commit'); c.close(); process.disconnect() }, ${ms})`,
  )
  const child = fork(script)
  const over = once(child, 'exit')
  await once(child, 'message')
  return { over }
}

/** Milliseconds for which another process holds the lock. */
const HELD_MS = 2000

describe('two processes on one file', () => {
  it('wait for each other without blocking the event loop, and read meanwhile', async () => {
    const { over } = await holdElsewhere(HELD_MS)
    const gaps = createHistogram()
    let last = performance.now()
    const ticker = setInterval(() => {
      const now = performance.now()
      gaps.record(Math.max(1, Math.round(now - last)))
      last = now
    }, 5)
    const { db } = database
    let isHeld = true
    const until = over.then(() => (isHeld = false))
    const writes = Promise.all([
      addTenant(),
      db.transaction((tx) =>
        tx.insert(tx.tables.tenants).values({ id: createId('tnt'), name: 'T', createdAt: new Date() }),
      ),
    ])
    expect(await db.$count(db.tables.tenants)).toBe(1)
    expect(isHeld).toBe(true)
    await writes
    clearInterval(ticker)
    // Waiting within SQLite would have taken the thread for as long as the lock was held.
    expect(gaps.max).toBeLessThan(HELD_MS / 2)
    expect(await db.$count(db.tables.tenants)).toBe(4)
    await until
  })
})

describe('a long transaction', () => {
  it('yields to the event loop between its statements, and lets nothing else in', async () => {
    const { db } = database
    let turns = 0
    const ticker = setInterval(() => (turns += 1), 0)
    const long = db.transaction(async (tx) => {
      const before = turns
      for (let n = 0; n < 100_000 && turns === before; n += 1) await tx.$count(tx.tables.tenants)
      await tx.insert(tx.tables.tenants).values({ id: createId('tnt'), name: 'T', createdAt: new Date() })
      expect(turns).toBeGreaterThan(before)
      return tx.$count(tx.tables.tenants)
    })
    const other = addTenant()
    expect(await long).toBe(2)
    await other
    clearInterval(ticker)
    expect(await db.$count(db.tables.tenants)).toBe(3)
  })
})

describe('waiting for the lock', () => {
  it('gives up with a typed error', async () => {
    const other = new Connection(path, { timeout: 0 })
    other.exec('begin immediate')
    const mine = new Connection(path, { timeout: 0 })
    await expect(retryBusy(() => mine.exec('begin immediate'), 50)).rejects.toThrow(DatabaseBusyError)
    other.exec('rollback')
    await retryBusy(() => mine.exec('begin immediate'), 50)
    mine.close()
    other.close()
  })

  it('does not retry other failures', async () => {
    let calls = 0
    const failing = retryBusy(() => {
      calls += 1
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(calls).toBe(1)
    expect(isBusy(new Error('x'))).toBe(false)
  })

  it('continues after a transaction that failed to begin', async () => {
    const other = new Connection(path, { timeout: 0 })
    other.exec('begin immediate')
    const waiting = addTenant()
    setTimeout(() => other.exec('rollback'), 20)
    await waiting
    await addTenant()
    other.close()
  })
})

describe('a connection', () => {
  it('has the settings that durability depends on', async () => {
    const writer = await openWriter(path)
    expect(writer.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(writer.pragma('synchronous', { simple: true })).toBe(2)
    expect(writer.pragma('foreign_keys', { simple: true })).toBe(1)
    writer.close()
  })

  it('is refused for a file that is not a database', async () => {
    const file = join(dirname(path), 'no.db')
    await writeFile(file, 'this is no database at all, and long enough to be seen as such')
    await expect(openDatabase({ backend: 'sqlite', path: file })).rejects.toThrow('not an SQLite database')
  })

  it('keeps a bounded number of statements', () => {
    const connection = new Connection(':memory:')
    const statements = new Statements(connection)
    const first = statements.get('select 0')
    for (let at = 1; at <= 400; at += 1) statements.get(`select ${at}`)
    expect(statements.get('select 0')).toBe(first)
    for (let at = 401; at <= 1000; at += 1) statements.get(`select ${at}`)
    expect(statements.get('select 0')).not.toBe(first)
    connection.close()
  })

  it('reports a full disk, and works again when there is space', async () => {
    const { db } = database
    const { channelOf } = await import('./db.ts')
    const limit = (pages: number) => db.transaction((tx) => channelOf(tx).all(`pragma max_page_count = ${pages}`, []))
    const fill = () =>
      db.transaction(async (tx) => {
        for (let at = 0; at < 200; at += 1) {
          const row = { id: createId('tnt'), name: 'x'.repeat(5000), createdAt: new Date() }
          await tx.insert(tx.tables.tenants).values(row)
        }
      })
    await limit(1)
    const error: unknown = await fill().catch((failure: unknown) => failure)
    expect(isDiskFull(error)).toBe(true)
    expect(await db.$count(db.tables.tenants)).toBe(1)
    await limit(1_000_000)
    await fill()
    expect(await db.$count(db.tables.tenants)).toBe(201)
  })
})
