import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryBlobStore } from '../blob/memory.ts'
import { createId } from '../id.ts'
import type { DeliveryAction } from '../names.ts'
import { makeOutcome, makeOutgoing, makeScope, type OutgoingOverrides, withDatabases } from '../testing/index.ts'
import { acceptMessages } from './accept.ts'
import { claimDeliveries, type ClaimedDelivery, waitingDomains } from './delivery-claim.ts'
import { changeDeliveries } from './delivery-control.ts'
import { pruneSent, releaseSentObjects } from './delivery-prune.ts'
import { releaseLapsed, renewLeases } from './delivery-lease.ts'
import { type AttemptOutcome, settleDeliveries } from './delivery-settle.ts'
import { attemptsOf, listDeliveries, queueLengths } from './delivery.ts'
import { findJourney } from './journey.ts'
import type { TenantScope } from './scope.ts'

const AT = new Date('2026-11-01T00:00:00Z')
const after = (minutes: number): Date => new Date(AT.getTime() + minutes * 60_000)
const LEASE = 5 * 60_000

withDatabases((get) => {
  let scope: TenantScope
  let domain: string
  beforeEach(async () => {
    scope = await makeScope(get().db)
    domain = `${createId('dlv').slice(4)}.example`
  })

  const to = (...names: string[]): string[] => names.map((name) => `${name}@${domain}`)
  const send = async (recipients: readonly string[], given: OutgoingOverrides = {}, tenantId = scope.tenantId) => {
    const item = makeOutgoing(tenantId, recipients, { at: AT, ...given })
    await get().db.transaction((tx) => acceptMessages(tx, [item], get().changes))
    return item
  }
  const claim = (now = AT, limit = 100) => claimDeliveries(get().db, { domain, now, limit, leaseMs: LEASE })
  const outcome = (claimed: ClaimedDelivery, given: Partial<AttemptOutcome> = {}) =>
    makeOutcome(claimed, { retryAt: after(10), ...given })
  const settle = (outcomes: readonly AttemptOutcome[], now = after(1)) =>
    get().db.transaction((tx) => settleDeliveries(tx, outcomes, now))
  const listed = () => listDeliveries(get().db, scope, {}, { limit: 100 })
  const states = async () =>
    (await listed()).map(({ address, state }) => `${address.split('@')[0] ?? ''} ${state}`).sort()
  const journeyOf = async (id: string) => findJourney(get().db, { tenantIds: [scope.tenantId], only: 'all' }, id)
  const change = (ids: readonly string[], action: DeliveryAction, now = after(2)) =>
    get().db.transaction((tx) =>
      changeDeliveries(tx, get().changes, scope, { ids, action, by: 'ann@example.org', now }),
    )
  const first = <T>(rows: readonly T[]): T => {
    const [row] = rows
    if (row === undefined) throw new Error('there is none')
    return row
  }

  describe('a claim', () => {
    it('O38 takes what is due, writes the attempt down first, and gives it to nobody else', async () => {
      const item = await send(to('a', 'b'))
      await send(to('later'), { delivery: { nextAttemptAt: after(1) } })
      await send([`x@other.${domain}`])
      const taken = await claim()
      expect(
        taken.map(({ delivery, outgoing }) => [delivery.recipient, delivery.attempts, outgoing.journeyId]),
      ).toEqual(to('a', 'b').map((address) => [address, 1, item.journey.id]))
      const attempts = await attemptsOf(get().db, scope, first(taken).delivery.id)
      expect(attempts).toMatchObject([{ number: 1, startedAt: AT, endedAt: null, result: null }])
      expect(await claim()).toEqual([])
      expect((await claim(after(1))).map(({ delivery }) => delivery.recipient)).toEqual(to('later'))
    })

    it('takes those first that were due first, of all tenants, and no more than asked', async () => {
      const other = await makeScope(get().db)
      await send(to('third'), { delivery: { nextAttemptAt: after(3) } })
      await send(to('first'), {}, other.tenantId)
      await send(to('second'), { delivery: { nextAttemptAt: after(2) } })
      const names = async (limit: number) =>
        (await claim(after(5), limit)).map(({ delivery }) => delivery.recipient.split('@')[0]).sort()
      expect([await names(2), await names(2), await names(2)]).toEqual([['first', 'second'], ['third'], []])
    })

    it('gives each delivery to one of many who claim at once', async () => {
      await send(to(...Array.from({ length: 40 }, (_, at) => `r${at}`)))
      const taken = await Promise.all(Array.from({ length: 8 }, () => claim(AT, 10)))
      const ids = taken.flat().map(({ delivery }) => delivery.id)
      expect(new Set(ids).size).toBe(ids.length)
      const rest = await claim()
      expect(ids.length + rest.length).toBe(40)
    })
  })

  describe('the result of an attempt', () => {
    it('O42 is the state, the attempt and one event of the journey, for each recipient', async () => {
      const { journey } = await send(to('good', 'late', 'bad'))
      const [good, late, bad] = await claim()
      if (good === undefined || late === undefined || bad === undefined) throw new Error('three were due')
      await settle([
        outcome(good),
        outcome(late, { result: 'deferred', reply: '451 4.7.1 later', reason: 'greylisted', rescue: true }),
        outcome(bad, { result: 'bounced', reply: '550 5.1.1 unknown', reason: 'recipient_unknown' }),
      ])
      expect(await states()).toEqual(['bad bounced', 'good delivered', 'late deferred'])
      const row = (await listed()).find(({ state }) => state === 'deferred')
      expect(row).toMatchObject({ failures: 1, rescues: 1, nextAttemptAt: after(10), lastReply: '451 4.7.1 later' })
      expect(await attemptsOf(get().db, scope, bad.delivery.id)).toMatchObject([
        { result: 'bounced', endedAt: after(1), host: 'mx.far.example', tls: 'TLSv1.3', reply: '550 5.1.1 unknown' },
      ])
      expect((await journeyOf(journey.id))?.status).toBe('partial')
      const { journeyEvents: e } = get().db.tables
      const events = await get().db.select().from(e).where(eq(e.journeyId, journey.id))
      expect(events.map(({ recipient, result }) => `${recipient ?? ''} ${result}`).sort()).toEqual([
        `bad@${domain} failed`,
        `good@${domain} ok`,
        `late@${domain} deferred`,
      ])
    })

    it('O17 of those whom the server wants in another transaction is no failure', async () => {
      await send(to('a'))
      await settle([outcome(first(await claim()), { result: 'again', retryAt: AT })])
      expect(await claim()).toMatchObject([{ delivery: { failures: 0, attempts: 2 } }])
    })

    it('O38 counts only for the latest attempt, and never changes an end', async () => {
      await send(to('a'))
      const dead = first(await claim())
      expect(await releaseLapsed(get().db, after(4), 100)).not.toContain(domain)
      expect(await releaseLapsed(get().db, after(6), 100)).toContain(domain)
      const next = first(await claim(after(6)))
      expect(await settle([outcome(dead)])).toEqual([])
      expect(await states()).toEqual(['a sending'])
      expect(await settle([outcome(next)])).toHaveLength(1)
      expect(await settle([outcome(next, { result: 'bounced' })])).toEqual([])
      expect(await states()).toEqual(['a delivered'])
    })

    it('O12 counts when the lease lapsed, as long as nobody tried again: what has a 250 is not sent twice', async () => {
      await send(to('a'))
      const slow = first(await claim())
      await releaseLapsed(get().db, after(6), 100)
      expect(await settle([outcome(slow)], after(7))).toHaveLength(1)
      expect(await claim(after(8))).toEqual([])
    })

    it('a lease that is renewed does not lapse', async () => {
      await send(to('a'))
      const taken = await claim()
      await renewLeases(
        get().db,
        taken.map(({ delivery }) => delivery),
        after(20),
      )
      expect(await releaseLapsed(get().db, after(19), 100)).not.toContain(domain)
      expect(await releaseLapsed(get().db, after(21), 100)).toContain(domain)
    })
  })

  describe('people and programs', () => {
    it('hold, release, retry, cancel and bounce what waits, and nothing else', async () => {
      await send(to('a', 'b', 'c', 'd'))
      const sending = first(await claim(AT, 1)).delivery
      const [b = '', c = '', d = ''] = (await listed()).flatMap(({ id, state }) => (state === 'queued' ? [id] : []))
      const ids = [b, c, d, sending.id]
      const changed = async (some: readonly string[], action: DeliveryAction) => (await change(some, action)).length
      expect(await changed(ids, 'hold')).toBe(3)
      expect(await claim(after(9))).toEqual([])
      expect(await changed(ids, 'retry')).toBe(0)
      expect(await changed([b], 'release')).toBe(1)
      expect(await changed([c], 'cancel')).toBe(1)
      expect(await changed([d], 'bounce')).toBe(1)
      expect(await changed(ids, 'release')).toBe(0)
      expect((await listed()).map(({ id, state }) => [id, state]).sort()).toEqual(
        [
          [sending.id, 'sending'],
          [b, 'queued'],
          [c, 'cancelled'],
          [d, 'bounced'],
        ].sort(),
      )
      const other = await makeScope(get().db)
      const elsewhere = { ids, action: 'cancel', by: 'eve@example.org', now: AT } as const
      expect(await get().db.transaction((tx) => changeDeliveries(tx, get().changes, other, elsewhere))).toEqual([])
    })

    it('see who asked for it in the journey, which follows', async () => {
      const { journey } = await send(to('a'))
      const { id } = first(await listed())
      await change([id], 'cancel')
      expect((await journeyOf(journey.id))?.status).toBe('cancelled')
      const { journeyEvents: e } = get().db.tables
      const events = await get().db.select().from(e).where(eq(e.journeyId, journey.id))
      expect(events).toMatchObject([
        { kind: 'queue', name: 'cancel', detail: 'by ann@example.org', recipient: `a@${domain}` },
      ])
    })

    it('find deliveries by state, domain, recipient, sender and journey, page by page', async () => {
      const { journey } = await send(to('a', 'b'))
      await send(to('c'), { outgoing: { sender: 'else@example.net', userId: 'usr_x' } })
      const found = async (filter: Parameters<typeof listDeliveries>[2]) =>
        (await listDeliveries(get().db, scope, filter, { limit: 9 })).map(({ address }) => address.split('@')[0]).sort()
      expect(await found({ journeyId: journey.id })).toEqual(['a', 'b'])
      expect(await found({ sender: 'else@example.net' })).toEqual(['c'])
      const ofUser = await listDeliveries(get().db, { ...scope, userId: 'usr_x' }, {}, { limit: 9 })
      expect(ofUser.map(({ address }) => address)).toEqual(to('c'))
      expect(await found({ recipient: `b@${domain}`, state: 'queued', domain })).toEqual(['b'])
      expect(await found({ state: 'held' })).toEqual([])
      const page = await listDeliveries(get().db, scope, {}, { limit: 2 })
      const rest = await listDeliveries(get().db, scope, {}, { limit: 2, after: page.at(-1)?.id })
      expect([...page, ...rest].map(({ address }) => address.split('@')[0])).toEqual(['c', 'b', 'a'])
    })
  })

  it('domains with something to do come by the time of the first of it', async () => {
    await send(to('a', 'b'))
    await send([`c@second.${domain}`], { at: after(-1) })
    await send([`d@third.${domain}`], { at: after(60) })
    const own = (await waitingDomains(get().db, { until: after(30), limit: 1000 })).filter((row) =>
      row.domain.endsWith(domain),
    )
    expect(own).toEqual([
      { domain: `second.${domain}`, at: after(-1) },
      { domain, at: AT },
    ])
    expect((await queueLengths(get().db)).queued).toBeGreaterThanOrEqual(4)
  })

  it('an object is kept until all its deliveries have ended, then given up; the rows stay for the time of journeys', async () => {
    const item = await send(to('a', 'b'))
    const blobs = memoryBlobStore()
    const key = item.objects[0]?.blobKey ?? ''
    await blobs.put(key, Buffer.from('x'))
    const tools = { db: get().db, changes: get().changes, blobs, log: { warn: vi.fn() } }
    const [a, b] = await claim()
    if (a === undefined || b === undefined) throw new Error('two were due')
    await settle([outcome(a)])
    await releaseSentObjects(tools, after(60))
    expect(await blobs.has(key)).toBe(true)
    await settle([outcome(b)], after(50))
    await releaseSentObjects(tools, after(40))
    expect(await blobs.has(key)).toBe(true)
    await releaseSentObjects(tools, after(60))
    expect(await blobs.has(key)).toBe(false)
    expect(await listed()).toHaveLength(2)
    await pruneSent(get().db, after(40))
    expect(await listed()).toHaveLength(2)
    await pruneSent(get().db, after(60))
    expect(await listed()).toEqual([])
    expect(await attemptsOf(get().db, scope, a.delivery.id)).toEqual([])
  })
})
