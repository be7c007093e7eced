import { lifted, newSite } from '@mairust/mail-core/outbound'
import { expect, it, vi } from 'vitest'
import { createId } from '../id.ts'
import { withDatabases } from '../testing/index.ts'
import { changeSite, findSite, listSites, putSite } from './delivery-site.ts'
import { findSts, putSts } from './sts-policy.ts'

const AT = new Date('2026-11-01T00:00:00.123Z')

withDatabases((get) => {
  const state = newSite({ start: 2, max: { concurrency: 20, perMinute: null } })
  const throttle = {
    scope: { site: 'x', source: null },
    cause: 'rate',
    rule: 'slow',
    reply: '421 slower',
    since: 1,
    until: 2,
    limits: { concurrency: 1, perMinute: 6 },
    level: 1,
    successes: 0,
    changed: 1,
  } as const

  it('what is remembered of a site comes back as it was, and is replaced', async () => {
    const { db } = get()
    const key = `mx.${createId('dlv')}.example`
    expect(await findSite(db, key)).toBeNull()
    const site = { key, domain: 'far.example', state, tls: { level: 'verified', clearUntil: AT } } as const
    await putSite(db, site, AT)
    expect(await findSite(db, key)).toEqual(site)
    const changed = { ...site, state: { ...state, throttles: [throttle] }, tls: { level: null, clearUntil: null } }
    await putSite(db, changed, AT)
    expect(await findSite(db, key)).toEqual(changed)
    expect(await listSites(db, { limit: 1, after: key.slice(0, -1) })).toEqual([changed])
  })

  it('O32 an operator undoes a throttle, and whoever sends hears of it', async () => {
    const { db, changes } = get()
    const key = `mx.${createId('dlv')}.example`
    const tls = { level: null, clearUntil: null }
    await putSite(db, { key, domain: 'far.example', state: { ...state, throttles: [throttle] }, tls }, AT)
    const told = vi.fn()
    const stop = changes.subscribe('sending:*', told)
    const undo = (which: string) => db.transaction((tx) => changeSite(tx, changes, which, (s) => lifted(s, () => true)))
    expect((await undo(key))?.state.throttles).toEqual([])
    expect((await findSite(db, key))?.state.throttles).toEqual([])
    await expect.poll(() => told.mock.calls.length).toBeGreaterThan(0)
    expect(await undo('mx.unknown.example')).toBeNull()
    stop()
  })

  it('O23 a policy and a failed fetch are kept', async () => {
    const { db } = get()
    const domain = `${createId('dlv').slice(4)}.example`
    expect(await findSts(db, domain)).toEqual({ entry: null, failedAt: null })
    await putSts(db, domain, { entry: null, failedAt: AT }, AT)
    expect(await findSts(db, domain)).toEqual({ entry: null, failedAt: AT })
    const policy = { mode: 'enforce', mx: ['*.far.example'], maxAgeSeconds: 86_400 } as const
    const known = { entry: { id: '7', policy, fetchedAt: AT, triedAt: AT }, failedAt: null }
    await putSts(db, domain, known, AT)
    expect(await findSts(db, domain)).toEqual(known)
  })
})
