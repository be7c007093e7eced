import { beforeEach, describe, expect, it } from 'vitest'
import { createId } from '../id.ts'
import { SYSTEM_TENANT } from '../schema/tenant.ts'
import { makeOutcome, makeOutgoing, makeScope, type OutgoingOverrides, withDatabases } from '../testing/index.ts'
import { acceptMessages } from './accept.ts'
import {
  type Claim,
  claimDeliveries,
  type ClaimedDelivery,
  claimSiblings,
  dueUsers,
  siblingDomains,
  waitingDomains,
} from './delivery-claim.ts'
import { releaseLapsed, returnClaims } from './delivery-lease.ts'
import { listPauses, pauseMail, resumeMail } from './delivery-pause.ts'
import { settleDeliveries } from './delivery-settle.ts'
import { attemptsOf, listDeliveries } from './delivery.ts'
import type { TenantScope } from './scope.ts'

const AT = new Date('2026-11-01T00:00:00Z')
const after = (minutes: number): Date => new Date(AT.getTime() + minutes * 60_000)

withDatabases((get) => {
  let scope: TenantScope
  let domain: string
  beforeEach(async () => {
    scope = await makeScope(get().db)
    domain = `${createId('dlv').slice(4)}.example`
  })

  const send = async (recipients: readonly string[], given: OutgoingOverrides = {}, tenantId = scope.tenantId) => {
    const item = makeOutgoing(tenantId, recipients, { at: AT, ...given })
    await get().db.transaction((tx) => acceptMessages(tx, [item], get().changes))
    return item
  }
  const terms = { now: AT, limit: 100, leaseMs: 45_000 }
  const claim = (given: Partial<Claim> = {}) => claimDeliveries(get().db, { domain, ...terms, ...given })
  const names = (taken: readonly ClaimedDelivery[]) => taken.map(({ delivery }) => delivery.recipient).sort()

  describe('mail for several domains', () => {
    it('O17 is found, and taken for those domains that belong together, unless it was tried before', async () => {
      await send([`a@${domain}`, `b@same.${domain}`, `c@other.${domain}`])
      await send([`d@same.${domain}`])
      const taken = await claim()
      expect(names(taken)).toEqual([`a@${domain}`])
      const found = await siblingDomains(get().db, taken, AT)
      expect(found.map((one) => one.domain).sort()).toEqual([`other.${domain}`, `same.${domain}`])
      const more = await claimSiblings(get().db, taken, [`same.${domain}`], terms)
      expect(names(more)).toEqual([`b@same.${domain}`])
      expect(names(await claim({ domain: `other.${domain}` }))).toEqual([`c@other.${domain}`])
      expect(await siblingDomains(get().db, taken, AT)).toEqual([])
      const [one] = taken
      if (one === undefined) throw new Error('one was due')
      await settle(one)
      const again = await claim({ now: after(10) })
      expect(names(again)).toEqual([`a@${domain}`])
      expect(await claimSiblings(get().db, again, [`same.${domain}`], { ...terms, now: after(10) })).toEqual([])
    })

    const settle = (claimed: ClaimedDelivery) =>
      get().db.transaction((tx) =>
        settleDeliveries(tx, [makeOutcome(claimed, { result: 'deferred', retryAt: after(10) })], AT),
      )
  })

  it('O31 leaves out mail of users who have too much under way, in claims and among the domains that wait', async () => {
    await send([`crowd@${domain}`, `crowd@other.${domain}`], { outgoing: { userId: 'usr_crowd' } })
    await send([`mine@${domain}`], { outgoing: { userId: 'usr_other' } })
    await send([`report@${domain}`])
    const paused = { tenantIds: [], senders: [], userIds: ['usr_crowd'] }
    const waiting = await waitingDomains(get().db, { until: AT, limit: 1000, paused })
    const own = waiting.map((one) => one.domain).filter((name) => name.endsWith(domain))
    expect(own).toEqual([domain])
    expect(await dueUsers(get().db, { domain, now: AT })).toEqual(['usr_crowd', 'usr_other', null])
    expect(await dueUsers(get().db, { domain, now: AT, paused })).toEqual(['usr_other', null])
    expect(names(await claim({ paused }))).toEqual([`mine@${domain}`, `report@${domain}`])
    expect(names(await claim())).toEqual([`crowd@${domain}`])
    expect(await dueUsers(get().db, { domain, now: AT })).toEqual([])
  })

  it('O30 what is given back was never tried: for a dead site nothing counts as an attempt', async () => {
    await send([`a@${domain}`])
    const taken = await claim()
    await returnClaims(get().db, taken)
    const [row] = await listDeliveries(get().db, scope, {}, { limit: 9 })
    expect(row).toMatchObject({ state: 'queued', attempts: 0, failures: 0, leasedUntil: null })
    expect(await attemptsOf(get().db, scope, row?.id ?? '')).toEqual([])
    const second = await claim()
    expect(second).toMatchObject([{ delivery: { attempts: 1 } }])
    // Somebody else has it by now.
    await releaseLapsed(get().db, after(5), 100)
    const third = await claim({ now: after(5) })
    await returnClaims(get().db, second)
    expect((await listDeliveries(get().db, scope, {}, { limit: 9 }))[0]).toMatchObject({
      state: 'sending',
      attempts: 2,
    })
    await returnClaims(get().db, third)
    expect((await listDeliveries(get().db, scope, {}, { limit: 9 }))[0]).toMatchObject({ state: 'deferred' })
  })

  it('takes what is over although it is not due, and what has failed as often as a route wants', async () => {
    await send([`due@${domain}`])
    await send([`over@${domain}`], { delivery: { nextAttemptAt: after(90), expiresAt: after(60) } })
    expect(names(await claim({ now: after(60), expired: true }))).toEqual([`over@${domain}`])
    expect(await claim({ failures: { from: 1, below: 9 } })).toEqual([])
    expect(names(await claim({ failures: { from: 0, below: 1 } }))).toEqual([`due@${domain}`])
  })

  it('leaves out what is paused, by tenant and by sender, until it is resumed', async () => {
    const other = await makeScope(get().db)
    await send([`mine@${domain}`])
    await send([`boss@${domain}`], { outgoing: { sender: 'boss@example.net' } })
    await send([`theirs@${domain}`], {}, other.tenantId)
    const { db, changes } = get()
    const by = { by: 'ann@example.org', byRole: 'tenant_admin', createdAt: AT } as const
    const tenant = { scope: 'tenant', tenantId: other.tenantId, value: other.tenantId } as const
    const sender = { scope: 'sender', tenantId: scope.tenantId, value: 'boss@example.net' } as const
    await db.transaction(async (tx) => {
      await pauseMail(tx, changes, { ...tenant, ...by })
      await pauseMail(tx, changes, { ...sender, ...by })
      await pauseMail(tx, changes, { ...sender, ...by })
    })
    const own = (await listPauses(db)).filter((pause) => pause.tenantId !== SYSTEM_TENANT && pause.by === by.by)
    expect(own.filter(({ tenantId }) => [scope.tenantId, other.tenantId].includes(tenantId))).toHaveLength(2)
    const paused = {
      tenantIds: [other.tenantId],
      senders: [{ tenantId: scope.tenantId, sender: 'boss@example.net' }],
      userIds: [],
    }
    expect(names(await claim({ paused }))).toEqual([`mine@${domain}`])
    const resume = (pause: Parameters<typeof resumeMail>[2]) => db.transaction((tx) => resumeMail(tx, changes, pause))
    expect([await resume(tenant), await resume(sender), await resume(sender)]).toEqual([true, true, false])
    expect(names(await claim({ paused: { tenantIds: [], senders: [], userIds: [] } }))).toEqual([
      `boss@${domain}`,
      `theirs@${domain}`,
    ])
  })
})
