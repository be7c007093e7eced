import { sql } from 'drizzle-orm'
import { describe, expect, inject, it } from 'vitest'
import { createTestDatabase, makeTenant, withDatabases } from '../testing/index.ts'
import { type Db, runSql, searchApart } from './db.ts'
import { HandleError, SearchTooSlowError } from './errors.ts'
import { openPostgres } from './postgres.ts'

/** Counts far enough that others would notice the wait. */
const SLOW = {
  sqlite: sql`with recursive c(n) as (select 1 union all select n + 1 from c where n < 2000000) select count(*) from c`,
  postgres: sql`select count(*) from generate_series(1, 2000000)`,
}

withDatabases((get) => {
  it('a search that takes long lets other statements pass', async () => {
    const { db, dialect } = get()
    const order: string[] = []
    const search = searchApart(db, 'ann', async (apart) => {
      order.push('search begins')
      const [[count] = []] = await runSql(apart, SLOW[dialect])
      order.push(`search has counted ${String(count)}`)
    })
    await searchApart(db, 'bob', (apart) => runSql(apart, sql`select 1`))
    await runSql(db, sql`select 1`)
    order.push('others are answered')
    await search
    expect(order).toEqual(['search begins', 'others are answered', 'search has counted 2000000'])
  })

  it('a search finds what was written before, in the types of any other statement', async () => {
    const { db } = get()
    const made = await makeTenant(db, { name: 'Just made' })
    const read = (handle: Db) => handle.select().from(db.tables.tenants)
    const found = await searchApart(db, 'ann', read)
    expect(found).toContainEqual(made)
    expect(found).toEqual(await read(db))
  })

  it('a search that fails says why, and the next one works', async () => {
    const { db } = get()
    const failed = searchApart(db, 'ann', (apart) => runSql(apart, sql`select * from nothing_at_all`))
    await expect(failed).rejects.toThrow(/nothing_at_all/)
    expect(await searchApart(db, 'ann', (apart) => runSql(apart, sql`select 'works'`))).toEqual([['works']])
  })

  it('a search inside a transaction is part of it', async () => {
    const { db } = get()
    await db.transaction(async (tx) => {
      const made = await makeTenant(tx)
      expect(await searchApart(tx, 'ann', (same) => same.select().from(tx.tables.tenants))).toContainEqual(made)
      await expect(searchApart(db, 'ann', (apart) => runSql(apart, sql`select 1`))).rejects.toThrow(HandleError)
    })
  })
})

describe.skipIf(inject('mairustTemplates').postgres === null)('on PostgreSQL', () => {
  it('the time limit ends the statement of a search, and holds for no other', async () => {
    const { options, drop } = await createTestDatabase('postgres')
    if (options.backend !== 'postgres') throw new Error('not PostgreSQL')
    const client = await openPostgres(options.url, 2, { searchMs: 200 })
    const endless = (db: Db) => runSql(db, sql`select pg_sleep(3600)`)
    await expect(searchApart(client.db, 'ann', endless)).rejects.toThrow(SearchTooSlowError)
    // Its turn is over only when the statement is.
    const limit = (db: Db) => runSql(db, sql`show statement_timeout`)
    expect(await searchApart(client.db, 'ann', limit)).toEqual([[expect.stringMatching(/^\d+ms$/)]])
    expect(await limit(client.db)).toEqual([['30s']])
    await client.close()
    await drop()
  })
})
