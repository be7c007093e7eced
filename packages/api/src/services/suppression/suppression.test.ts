import { acceptMessages } from '@mairust/db/queries/accept'
import { listAuditEntries } from '@mairust/db/queries/audit'
import { tenantScope } from '@mairust/db/queries/scope'
import { makeDomain, makeOutgoing, withDatabases } from '@mairust/db/testing'
import { createId } from '@mairust/db'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeTestApi, type TestApi } from '../../testing/api.ts'

const HOUR = 3_600_000

withDatabases((get) => {
  let test: TestApi
  let tenantId: string
  let domain: string
  let as: Record<'tenant_admin' | 'domain_admin' | 'user', string>
  beforeEach(async () => {
    test = makeTestApi(get())
    const admin = await test.user({ role: 'tenant_admin' })
    tenantId = admin.tenantId
    domain = (await makeDomain(get().db, tenantScope(tenantId), { status: 'active' })).name
    const person = (role: 'domain_admin' | 'user') => test.user({ role, email: `${role}@${domain}` }, tenantId)
    as = {
      tenant_admin: await test.key(admin),
      domain_admin: await test.key(await person('domain_admin')),
      user: await test.key(await person('user')),
    }
  })

  const send = (who: keyof typeof as, method: string, path: string, body?: unknown) =>
    test.send(method, path, { as: as[who], body })
  const suppress = (body: Record<string, unknown>, who: keyof typeof as = 'tenant_admin') =>
    send(who, 'POST', '/suppressions', body)
  const listed = async (query = '', who: keyof typeof as = 'tenant_admin') =>
    (await send(who, 'GET', `/suppressions${query}`)).items.map(({ address }) => address)
  const submit = async (address: string, given: Parameters<typeof makeOutgoing>[2] = {}) => {
    const at = given.at ?? test.clock.now
    const item = makeOutgoing(tenantId, [address, 'other@far.example'], {
      at,
      outgoing: { sender: `ann@${domain}` },
      ...given,
      journey: { startedAt: at },
    })
    await get().db.transaction((tx) => acceptMessages(tx, [item], get().changes))
    const { items } = await send('tenant_admin', 'GET', `/queue?journey_id=${item.journey.id}&limit=10`)
    const found = items.find(({ recipient }) => recipient === address)
    return { state: found?.['state'], journeyId: item.journey.id, id: found?.['id'] ?? '', items }
  }
  const bob = () => `bob@${createId('sup').slice(4)}.example`

  describe('O50 a suppression', () => {
    it('is added with scope, reason and end, is listed and removed, each with an audit entry', async () => {
      const address = bob()
      const ends = new Date(test.clock.now.getTime() + HOUR).toISOString()
      const made = await suppress({ address: address.toUpperCase(), reason: 'left us', expires_at: ends })
      expect(made.status).toBe(201)
      const wire = { address, scope: 'all', domain: null, stream: null, reason: 'left us', expires_at: ends }
      expect(made.data).toMatchObject({ ...wire, journey_id: null, override_until: null })
      expect((await send('tenant_admin', 'GET', `/suppressions?address=${address}`)).items).toMatchObject([wire])
      expect((await suppress({ address })).status).toBe(409)
      expect((await suppress({ address, stream: 'news' })).data).toMatchObject({ scope: 'stream', stream: 'news' })
      expect(await listed('?stream=news')).toEqual([address])
      expect(
        (await send('tenant_admin', 'GET', made.headers.get('location')?.replace('/api/v1', '') ?? '')).data,
      ).toEqual(made.data)
      const gone = await send('tenant_admin', 'DELETE', `/suppressions/${encodeURIComponent(address)}`)
      expect(gone.data).toEqual({ id: address, deleted: true })
      expect(await listed()).toEqual([])
      expect((await send('tenant_admin', 'DELETE', `/suppressions/${address}`)).status).toBe(404)
      const entries = await listAuditEntries(
        get().db,
        tenantScope(tenantId),
        { targetType: 'suppression' },
        { limit: 9 },
      )
      expect(entries.map(({ action }) => action).sort()).toEqual(
        ['create', 'create', 'delete', 'delete'].map((action) => `suppression.${action}`),
      )
    })

    it('ends, and can then be made anew', async () => {
      const address = bob()
      await suppress({ address, expires_at: new Date(test.clock.now.getTime() + HOUR).toISOString() })
      expect((await submit(address)).state).toBe('suppressed')
      test.clock.now = new Date(test.clock.now.getTime() + HOUR)
      expect((await submit(address)).state).toBe('queued')
      expect(await listed()).toEqual([])
      expect((await suppress({ address })).status).toBe(201)
    })

    it('is refused with the field that is wrong', async () => {
      const fields = async (body: Record<string, unknown>) =>
        (await suppress(body)).error.details.map(({ field }) => field)
      expect(await fields({ address: 'Postmaster@far.example' })).toEqual(['address'])
      expect(await fields({ address: 'nobody' })).toEqual(['address'])
      expect(await fields({ address: bob(), scope: 'stream' })).toEqual(['stream'])
      expect(await fields({ address: bob(), scope: 'all', domain })).toEqual(['domain'])
      expect(await fields({ address: bob(), expires_at: '2001-01-01T00:00:00Z' })).toEqual(['expires_at'])
    })

    it('is for a domain_admin if it is for his domain, and not for a user', async () => {
      const address = bob()
      expect((await suppress({ address }, 'domain_admin')).status).toBe(403)
      expect((await suppress({ address, domain: 'other.example' }, 'domain_admin')).status).toBe(403)
      expect((await suppress({ address, domain }, 'domain_admin')).status).toBe(201)
      await suppress({ address })
      expect((await send('domain_admin', 'GET', '/suppressions')).items).toMatchObject([{ scope: 'domain', domain }])
      await send('domain_admin', 'DELETE', `/suppressions/${address}`)
      expect((await send('tenant_admin', 'GET', '/suppressions')).items).toMatchObject([{ scope: 'all' }])
      expect((await suppress({ address }, 'user')).status).toBe(403)
      expect((await send('user', 'GET', '/suppressions')).status).toBe(403)
    })

    it('is exported in the form in which it is imported, all or nothing', async () => {
      const [one, two] = [bob(), bob()]
      await suppress({ address: one, reason: 'old' })
      const suppressions = [
        { address: one, reason: 'new' },
        { address: two, stream: 'news', reason: 'unsubscribe' },
      ]
      const load = (list: readonly unknown[]) =>
        send('tenant_admin', 'POST', '/suppressions/import', { suppressions: list })
      const wrong = await load([...suppressions, { address: 'abuse@far.example' }])
      expect(wrong.error.details).toMatchObject([{ field: 'suppressions.2.address' }])
      expect(await listed()).toEqual([one])
      expect((await load(suppressions)).data).toEqual({ added: 1, updated: 1 })
      const exported = (await send('tenant_admin', 'GET', '/suppressions/export')).items
      expect(exported).toEqual([
        { address: one, scope: 'all', reason: 'new', expires_at: null },
        { address: two, scope: 'stream', stream: 'news', reason: 'unsubscribe', expires_at: null },
      ])
      expect((await load(exported)).data).toEqual({ added: 0, updated: 2 })
    })
  })

  describe('O50 mail to a suppressed address', () => {
    it('is reported and not dropped: the queue and the journey say why, and the others are sent to', async () => {
      const address = bob()
      await suppress({ address, reason: 'complaint' })
      const { state, journeyId, id, items } = await submit(address)
      expect(state).toBe('suppressed')
      expect(items.map((one) => one['state']).sort()).toEqual(['queued', 'suppressed'])
      expect((await send('tenant_admin', 'GET', `/queue/${id}`)).data).toMatchObject({
        reason: 'complaint',
        last_reply: expect.stringMatching(/^554 5\.7\.1 .*suppression list.*complaint$/) as string,
        next_attempt_at: null,
      })
      const journey = (await send('tenant_admin', 'GET', `/journeys/${journeyId}`)).data as Record<string, unknown>
      expect(journey['status']).toBe('partial')
      expect(journey['steps']).toContainEqual(
        expect.objectContaining({ kind: 'queue', name: 'suppression', result: 'skipped', recipient: address }),
      )
    })

    it('of another domain, stream or tenant is sent', async () => {
      const address = bob()
      await suppress({ address, domain: 'other.example' })
      await suppress({ address, stream: 'news' })
      expect((await submit(address)).state).toBe('queued')
      const from = (sender: string, stream: string) => submit(address, { outgoing: { sender, stream } })
      expect((await from('ann@other.example', '')).state).toBe('suppressed')
      expect((await from(`ann@${domain}`, 'news')).state).toBe('suppressed')
      expect((await from('', '')).state).toBe('queued')
    })

    it('gets through once when somebody allows it, which the journey tells', async () => {
      const address = bob()
      await suppress({ address })
      const allowed = await send('tenant_admin', 'POST', `/suppressions/${address}/override`, { hours: 2 })
      const until = new Date(test.clock.now.getTime() + 2 * HOUR).toISOString()
      expect(allowed.data).toMatchObject({ suppressions: [{ address, override_until: until }] })
      const first = await submit(address)
      expect(first.state).toBe('queued')
      const journey = (await send('tenant_admin', 'GET', `/journeys/${first.journeyId}`)).data as Record<
        string,
        unknown
      >
      expect(JSON.stringify(journey['steps'])).toContain('let through once by')
      expect((await submit(address)).state).toBe('suppressed')
      await send('tenant_admin', 'POST', `/suppressions/${address}/override`)
      test.clock.now = new Date(test.clock.now.getTime() + 25 * HOUR)
      expect((await submit(address)).state).toBe('suppressed')
      const entries = await listAuditEntries(
        get().db,
        tenantScope(tenantId),
        { action: 'suppression.override' },
        { limit: 9 },
      )
      expect(entries).toHaveLength(2)
    })

    it('gets one of two messages through that are sent at once', async () => {
      const address = bob()
      await suppress({ address })
      await send('tenant_admin', 'POST', `/suppressions/${address}/override`)
      const states = await Promise.all([submit(address), submit(address), submit(address)])
      expect(states.map(({ state }) => state).sort()).toEqual(['queued', 'suppressed', 'suppressed'])
    })

    it('is sent when it is exempt', async () => {
      const address = bob()
      await suppress({ address })
      expect((await submit(address, { delivery: { isExempt: true } })).state).toBe('queued')
    })
  })
})
