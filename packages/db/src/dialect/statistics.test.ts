import { tenantScope } from '../queries/scope.ts'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { makeMailbox, makeMessage, makeTenant, withDatabases } from '../testing/index.ts'
import { runSql } from '../client/db.ts'
import { analyzeMail, trackGrowth } from './statistics.ts'

withDatabases((get) => {
  it('informs the planner of the number of messages', async () => {
    const { db, dialect } = get()
    const box = await makeMailbox(db, tenantScope((await makeTenant(db)).id))
    for (let count = 0; count < 3; count += 1) await makeMessage(get(), box)
    await analyzeMail(db)
    if (dialect === 'sqlite') return
    const names = sql`('messages', 'message_search', 'threads', 'journeys', 'journey_recipients')`
    const rows = await runSql(db, sql`select reltuples from pg_class where relname in ${names}`)
    expect(rows.map(([tuples]) => Number(tuples))).toEqual([3, 3, 3, 3, 3])
  })

  it('informs it again as mail arrives, ever less often', async () => {
    const { db, dialect } = get()
    const box = await makeMailbox(db, tenantScope((await makeTenant(db)).id))
    const known = async () => {
      if (dialect === 'sqlite') return null
      const [row] = await runSql(db, sql`select reltuples from pg_class where relname = 'messages'`)
      return Number(row?.[0])
    }
    const grew = trackGrowth(db)
    const before = await known()
    await makeMessage(get(), box)
    await grew(249)
    expect(await known()).toBe(before)
    await grew(1)
    const first = await known()
    await makeMessage(get(), box)
    await grew(1700)
    expect(await known()).toBe(first)
    await grew(50)
    expect(await known()).toBe(first === null ? null : first + 1)
  })
})
