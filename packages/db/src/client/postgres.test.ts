import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, expect, inject, it, vi } from 'vitest'
import { runAdmin } from '../testing/admin.ts'
import { createId } from '../id.ts'
import { lockDomain } from '../queries/domain.ts'
import { createTestDatabase, makeDomain, makeScope } from '../testing/index.ts'
import { channelOf } from './db.ts'
import { DatabaseUnavailableError } from './errors.ts'
import { openDatabase } from './open.ts'
import { openPostgres } from './postgres.ts'
import { connectionSettings, isConnectionTrouble } from './postgres-pool.ts'
import { isTransactionConflict } from '../dialect/violations.ts'

const { postgres } = inject('mairustTemplates')
const KILL_OTHERS = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`

/** A barrier that opens once all have arrived. */
class Barrier {
  readonly #all = Promise.withResolvers<undefined>()
  #missing: number
  constructor(size: number) {
    this.#missing = size
  }
  arrive(): Promise<undefined> {
    this.#missing -= 1
    if (this.#missing <= 0) this.#all.resolve(undefined)
    return this.#all.promise
  }
}

describe.skipIf(postgres === null)('connections', () => {
  const open = async () => {
    const { options, drop } = await createTestDatabase('postgres')
    if (options.backend !== 'postgres') throw new Error('not PostgreSQL')
    const { url } = options
    const database = await openDatabase(options)
    return {
      database,
      url,
      killAll: () => runAdmin(url, KILL_OTHERS),
      close: async () => {
        await database.close()
        await drop()
      },
    }
  }

  it('that deadlock are told apart from wrong statements', async () => {
    const { database, close } = await open()
    const scope = await makeScope(database.db)
    const rows = [await makeDomain(database.db, scope), await makeDomain(database.db, scope)]
    const both = new Barrier(2)
    const inOrder = (order: typeof rows) =>
      database.db.transaction(async (tx) => {
        for (const { id } of order) {
          await lockDomain(tx, scope, id)
          await both.arrive()
        }
      })
    const answers = await Promise.allSettled([inOrder(rows), inOrder(rows.toReversed())])
    const failed = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []))
    expect(failed.map(isTransactionConflict)).toEqual([true])
    await close()
  })

  it('that die idle are replaced', async () => {
    const { database, killAll, close } = await open()
    await Promise.all(Array.from({ length: 5 }, () => database.ready()))
    await killAll()
    await expect
      .poll(() =>
        database.ready().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    await close()
  })

  it('that die in a transaction fail it with a typed error, even between two statements', async () => {
    const { database, killAll, close } = await open()
    const { db } = database
    const row = { id: createId('tnt'), name: 'T', createdAt: new Date() }
    const failed = db.transaction(async (tx) => {
      await tx.insert(tx.tables.tenants).values(row)
      await killAll()
    })
    await expect(failed).rejects.toThrow(DatabaseUnavailableError)
    await expect.poll(() => db.$count(db.tables.tenants).catch(() => -1)).toBe(1)
    const running = db.transaction((tx) => channelOf(tx).all('select pg_sleep(20)', []))
    let outcome: unknown = null
    running.catch((error: unknown) => (outcome = error))
    await vi.waitFor(
      async () => {
        await killAll()
        expect(outcome).toBeInstanceOf(DatabaseUnavailableError)
      },
      { timeout: 5000 },
    )
    await close()
  })

  it('that stop answering are dropped, not reused', async () => {
    const { url, close } = await open()
    const { port } = new URL(url)
    const pairs: [Socket, Socket][] = []
    const proxy = createServer((near) => {
      const far = connect(Number(port), '127.0.0.1')
      for (const end of [near, far]) end.on('error', () => undefined)
      near.pipe(far).pipe(near)
      pairs.push([near, far])
    })
    await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve))
    const through = new URL(url)
    through.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const client = await openPostgres(through.href, 1, { beginMs: 100 })
    const { db } = client
    await db.transaction((tx) => tx.$count(tx.tables.tenants))
    // As after a fail-over: no data, no close.
    for (const [near, far] of pairs) near.unpipe(far).pause()
    await expect(db.transaction(() => Promise.resolve(1))).rejects.toThrow(DatabaseUnavailableError)
    expect(await db.transaction((tx) => tx.$count(tx.tables.tenants))).toBe(1)
    await client.close()
    for (const end of pairs.flat()) end.destroy()
    proxy.close()
    await close()
  })

  it('to a server that is down or silent fail with a typed error', async () => {
    const refused = openDatabase({ backend: 'postgres', url: 'postgres://u@127.0.0.1:1/x' })
    await expect(refused).rejects.toThrow(DatabaseUnavailableError)
    const deaf = createServer(() => undefined)
    await new Promise<void>((resolve) => void deaf.listen(0, '127.0.0.1', resolve))
    const address = deaf.address()
    const port = address === null || typeof address === 'string' ? 0 : address.port
    const silent = openDatabase({ backend: 'postgres', url: `postgres://u@127.0.0.1:${port}/x` })
    await expect(silent).rejects.toThrow(DatabaseUnavailableError)
    deaf.close()
  })

  it('are refused when commits are not on stable storage', async () => {
    const { url, close } = await open()
    const name = new URL(url).pathname.slice(1)
    await runAdmin(url, `alter database ${name} set synchronous_commit = off`)
    await expect(openDatabase({ backend: 'postgres', url })).rejects.toThrow('synchronous_commit')
    await close()
  })

  it.each([true, false])(
    'are refused when the encoding lacks characters of mail, migrating (%s) or not',
    async (migrates) => {
      const { url, close } = await open()
      const name = `mairust_latin_${process.pid}`
      const options = `owner ${new URL(url).username} encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0`
      await runAdmin(url, `create database ${name} ${options}`)
      try {
        const latin = { backend: 'postgres', url: Object.assign(new URL(url), { pathname: `/${name}` }).href } as const
        const refused = openDatabase(latin, { migrate: migrates })
        await expect(refused).rejects.toThrow(/keeps this database in LATIN1; MaiRust needs UTF8.*template0$/)
      } finally {
        await runAdmin(url, `drop database ${name}`)
        await close()
      }
    },
  )

  it('are refused when they cannot write, as on a standby', async () => {
    const { url, close } = await open()
    await runAdmin(url, `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`)
    await expect(openDatabase({ backend: 'postgres', url }, { migrate: true })).rejects.toThrow('is read-only; set the')
    await close()
  })

  it('to a server that became a standby are unavailable until there is a primary again', async () => {
    const { database, url, killAll, close } = await open()
    const name = new URL(url).pathname.slice(1)
    await runAdmin(url, `alter database ${name} set default_transaction_read_only = on`)
    await killAll()
    await expect.poll(() => database.ready().catch((error: unknown) => error)).toBeInstanceOf(DatabaseUnavailableError)
    await expect.poll(() => database.ready().catch(String)).toContain('read-only')
    await expect(makeScope(database.db)).rejects.toThrow(DatabaseUnavailableError)
    await runAdmin(url, 'set default_transaction_read_only = off', `alter database ${name} reset all`)
    await killAll()
    await expect.poll(() => database.ready().then(() => 'ready', String)).toBe('ready')
    await makeScope(database.db)
    await close()
  })

  it.each(['prefer', 'require', 'verify-ca'])('with sslmode=%s verify the certificate, without a warning', (mode) => {
    const { connectionString } = connectionSettings(`postgres://ann@db/mail?x=y&sslmode=${mode}&z=1`)
    expect(connectionString).toBe('postgres://ann@db/mail?x=y&sslmode=verify-full&z=1')
  })

  it.each(['?sslmode=no-verify', '?uselibpqcompat=true&sslmode=require', ''])('keep the URL %j', (query) => {
    const url = `postgres://ann@db/mail${query}`
    expect(connectionSettings(url).connectionString).toBe(url)
  })

  it('are all closed at once, including one still connecting', async () => {
    const { options, drop } = await createTestDatabase('postgres')
    for (let pauses = 0; pauses < 12; pauses += 1) {
      const database = await openDatabase(options)
      for (let turn = 0; turn < pauses; turn += 1) await new Promise((resolve) => void setImmediate(resolve))
      await database.close()
    }
    await drop()
  })

  it('do not treat a wrong statement as an outage', async () => {
    const { database, close } = await open()
    const error: unknown = await channelOf(database.db)
      .all('select nonsense', [])
      .catch((failure: unknown) => failure)
    expect(isConnectionTrouble(error)).toBe(false)
    await close()
  })
})
