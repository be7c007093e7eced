import { claimDeliveries } from '@mairust/db/queries/delivery-claim'
import { settleDeliveries } from '@mairust/db/queries/delivery-settle'
import { tenantScope } from '@mairust/db/queries/scope'
import { updateUserRow } from '@mairust/db/queries/user'
import { makeMailbox, makeOutcome, withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestApi } from '../../testing/api.ts'
import { makeQueueWorld, type QueueWorld } from '../../testing/queue.ts'

const HOUR = 3_600_000

withDatabases((get) => {
  let world: QueueWorld
  let test: TestApi
  let far: string
  let domain: QueueWorld['domain']
  beforeEach(async () => {
    world = await makeQueueWorld(get())
    ;({ test, far, domain } = world)
  })
  const who: QueueWorld['who'] = (person) => world.who(person)
  const submit: QueueWorld['submit'] = (...given) => world.submit(...given)
  const send: QueueWorld['send'] = (...given) => world.send(...given)
  const listed: QueueWorld['listed'] = (...given) => world.listed(...given)
  const attempt = async (given: Parameters<typeof makeOutcome>[1]) => {
    const { db } = get()
    const claimed = await claimDeliveries(db, { domain: far, now: new Date(), limit: 9, leaseMs: HOUR })
    const outcomes = claimed.map((one) => makeOutcome(one, given))
    await db.transaction((tx) => settleDeliveries(tx, outcomes, new Date()))
  }

  it('a delivery is shown with its attempts', async () => {
    const {
      ids: [id = ''],
      journeyId,
    } = await submit('user', ['a'])
    const path = `/queue/${id}`
    expect((await send('user', 'GET', path)).data).toMatchObject({ state: 'queued', last_reply: null, history: [] })
    const retryAt = new Date(Date.now() + HOUR)
    await attempt({
      result: 'deferred',
      reply: '450 4.2.0 later',
      reason: 'greylisted',
      retryAt,
      conversation: 'S: 450',
    })
    const { data } = await send('user', 'GET', path)
    expect(data).toMatchObject({
      id,
      journey_id: journeyId,
      sender: who('user').user.email,
      recipient: `a@${far}`,
      domain: far,
      state: 'deferred',
      attempts: 1,
      next_attempt_at: retryAt.toISOString(),
      last_reply: '450 4.2.0 later',
      reason: 'greylisted',
      history: [
        {
          number: 1,
          result: 'deferred',
          host: 'mx.far.example',
          address: '192.0.2.7',
          tls: 'TLSv1.3',
          reply: '450 4.2.0 later',
          conversation: 'S: 450',
        },
      ],
    })
  })

  it('a list is filtered, and paged by cursor', async () => {
    const { journeyId } = await submit('user', ['a', 'b'])
    await submit('user', ['c'], { outgoing: { sender: `else@${domain.name}` } })
    expect(await listed('user', `&journey_id=${journeyId}`)).toEqual(['a', 'b'])
    expect(await listed('user', `&sender=Else@${domain.name}`)).toEqual(['c'])
    expect(await listed('user', `&recipient=B@${far.toUpperCase()}&state=queued`)).toEqual(['b'])
    expect(await listed('user', '&state=held')).toEqual([])
    const first = await send('user', 'GET', `/queue?domain=${far}&limit=2`)
    const rest = await send('user', 'GET', `/queue?domain=${far}&limit=2&cursor=${first.pagination.cursor ?? ''}`)
    expect([first, rest].map(({ items }) => items.length)).toEqual([2, 1])
    expect(new Set([...first.items, ...rest.items].map(({ id }) => id)).size).toBe(3)
    expect(rest.pagination).toEqual({ cursor: null, has_more: false })
  })

  describe('who sees a delivery', () => {
    beforeEach(async () => {
      for (const role of ['super_admin', 'tenant_admin', 'domain_admin', 'user', 'other'] as const)
        await submit(role, [role])
      await submit('user', ['elsewhere'], { outgoing: { sender: 'x@elsewhere.example' } })
      await submit('user', ['forward'], { outgoing: { userId: null, sender: 'x@elsewhere.example' } })
    })

    it('is whoever submitted it, and administrators by the address of the sender, but not for higher roles', async () => {
      expect(await listed('user')).toEqual(['elsewhere', 'user'])
      expect(await listed('other')).toEqual(['other'])
      expect(await listed('domain_admin')).toEqual(['domain_admin', 'other', 'user'])
      const tenant = ['domain_admin', 'elsewhere', 'forward', 'other', 'tenant_admin', 'user']
      expect(await listed('tenant_admin')).toEqual(tenant)
      expect(await listed('super_admin')).toEqual([...tenant, 'super_admin'].sort())
      const foreign = await test.key(await test.user({ role: 'super_admin' }))
      expect((await test.send('GET', '/queue', { as: foreign })).items).toEqual([])
    })

    it('is not an administrator below the role that the sender had then', async () => {
      await updateUserRow(get().db, tenantScope(domain.tenantId), who('super_admin').user.id, { role: 'user' })
      expect(await listed('tenant_admin')).not.toContain('super_admin')
    })

    it('is a key for a mailbox only where that mailbox is the sender', async () => {
      const { user } = who('user')
      const own = { userId: user.id, domainId: domain.id }
      const box = await makeMailbox(get().db, tenantScope(domain.tenantId), { ...own, address: `box@${domain.name}` })
      await makeMailbox(get().db, tenantScope(domain.tenantId), { ...own, address: user.email })
      await submit('user', ['by-box'], { outgoing: { sender: box.address } })
      await submit('other', ['not-mine'], { outgoing: { sender: box.address } })
      const as = await test.key(user, [{ scope: 'read', mailboxes: [box.address] }])
      const { items } = await test.send('GET', '/queue', { as })
      expect(items.map(({ recipient }) => recipient)).toEqual([`by-box@${far}`])
      expect(await listed('user')).toContain('user')
    })
  })

  describe('an action', () => {
    it('by whoever submitted it: retry and cancel, told in the journey and the audit log', async () => {
      const {
        ids: [id = ''],
        journeyId,
      } = await submit('user', ['a'], { at: new Date(Date.now() + HOUR) })
      const retried = await send('user', 'POST', `/queue/${id}/retry`)
      expect(retried.data).toMatchObject({ id, state: 'queued', next_attempt_at: test.clock.now.toISOString() })
      for (const action of ['hold', 'release', 'bounce'])
        expect((await send('user', 'POST', `/queue/${id}/${action}`)).status, action).toBe(403)
      expect((await send('other', 'POST', `/queue/${id}/cancel`)).status).toBe(404)
      expect((await send('user', 'POST', `/queue/${id}/cancel`)).data).toMatchObject({
        state: 'cancelled',
        next_attempt_at: null,
      })
      expect((await send('user', 'POST', `/queue/${id}/cancel`)).error.code).toBe('CONFLICT')
      expect((await send('tenant_admin', 'GET', `/journeys/${journeyId}`)).data).toMatchObject({ status: 'cancelled' })
      const { items } = await send('super_admin', 'GET', '/admin/audit?target_type=delivery')
      expect(items).toMatchObject(
        ['delivery.cancel', 'delivery.retry'].map((action) => ({ action, target: { type: 'delivery', id } })),
      )
    })

    it('by administrators: hold, release and bounce, but not of higher roles or elsewhere', async () => {
      const {
        ids: [id = ''],
      } = await submit('user', ['a'])
      const {
        ids: [higher = ''],
      } = await submit('super_admin', ['b'])
      for (const [action, state] of [
        ['hold', 'held'],
        ['release', 'queued'],
        ['bounce', 'bounced'],
      ] as const) {
        expect((await send('domain_admin', 'POST', `/queue/${higher}/${action}`)).status).toBe(404)
        expect((await send('domain_admin', 'POST', `/queue/${id}/${action}`)).data, action).toMatchObject({ state })
      }
      const foreign = await test.key(await test.user({ role: 'super_admin' }))
      expect((await test.send('POST', `/queue/${higher}/hold`, { as: foreign })).status).toBe(404)
    })

    it('tells a key that may not read nothing but the id', async () => {
      const {
        ids: [id = ''],
      } = await submit('user', ['a'])
      const as = await test.key(who('user').user, ['send'])
      expect((await test.send('POST', `/queue/${id}/cancel`, { as })).json).toEqual({ data: { id } })
      expect((await test.send('GET', `/queue/${id}`, { as })).status).toBe(403)
    })
  })
})
