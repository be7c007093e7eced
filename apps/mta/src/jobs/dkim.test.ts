import { listDkimKeyRows } from '@mairust/db/queries/dkim-key'
import { makeDomain, makeScope, withDatabases } from '@mairust/db/testing'
import { startDnsServer } from '@mairust/dns/testing'
import { expect, it, vi } from 'vitest'
import { dkimKeys } from './dkim.ts'

const until = <T>(value: () => Promise<T>) => expect.poll(value)

withDatabases((get) => {
  it('a domain from before its keys were made with it gets them, and signs when they are in DNS', async () => {
    const database = get()
    const scope = await makeScope(database.db)
    const { id, name } = await makeDomain(database.db, scope)
    const keys = () => listDkimKeyRows(database.db, scope, id)
    const states = async () => (await keys()).map(({ algorithm, state }) => [algorithm, state])
    const dns = await startDnsServer(async ({ name: asked }) => {
      const key = (await keys()).find(({ selector }) => asked === `${selector}._domainkey.${name}`)
      if (key === undefined) return { rcode: 3 }
      const strings = key.record.match(/.{1,255}/g) ?? []
      return { answers: [{ type: 'TXT', name: asked, ttl: 60, data: strings }] }
    })
    const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    const config = () => ({ dkim: { rotate_days: 180 }, dns: { servers: [dns.address], timeout_ms: 5000 } })
    const { handlers, timers } = dkimKeys({ config, database, masterKey: Buffer.alloc(32, 1), log })
    const work = await database.work({ lanes: [{ name: 'test', concurrency: 1, handlers }], log })
    const run = (wanted: string) =>
      database.db.transaction(async (tx) => {
        for (const timer of timers) if (timer.name === wanted) await timer.add(tx, `timer:${wanted}`)
      })
    await run('dkim-renew')
    await until(states).toEqual([
      ['rsa-sha256', 'pending'],
      ['ed25519-sha256', 'pending'],
    ])
    await run('dkim-advance')
    await until(states).toEqual([
      ['rsa-sha256', 'active'],
      ['ed25519-sha256', 'active'],
    ])
    await work.stop(60_000)
    await dns.close()
    expect(log.error).not.toHaveBeenCalled()
  })
})
