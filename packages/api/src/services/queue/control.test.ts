import { createId } from '@mairust/db'
import { acceptMessages } from '@mairust/db/queries/accept'
import { findSite, putSite } from '@mairust/db/queries/delivery-site'
import { tenantScope } from '@mairust/db/queries/scope'
import type { Role } from '@mairust/db/schema'
import { makeDomain, makeMailbox, makeOutgoing, withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Answer, makeTestApi, type TestApi } from '../../testing/api.ts'
import { deadSite, throttledSite } from '../../testing/site.ts'

const MINUTE = 60_000

withDatabases((get) => {
  let test: TestApi
  let domain: { id: string; name: string; tenantId: string }
  let keys: Map<Role, string>
  beforeEach(async () => {
    test = makeTestApi(get())
    const top = await test.user({ role: 'super_admin' })
    domain = await makeDomain(get().db, tenantScope(top.tenantId))
    keys = new Map()
    for (const role of ['super_admin', 'tenant_admin', 'domain_admin', 'user'] as const) {
      const user = await test.user({ role, email: `${role}@${domain.name}` }, top.tenantId)
      const owned = { userId: user.id, domainId: domain.id, address: user.email }
      await makeMailbox(get().db, tenantScope(top.tenantId), owned)
      keys.set(role, await test.key(user))
    }
  })

  const send = (as: Role, method: string, path: string, body?: unknown): Promise<Answer> =>
    test.send(method, path, { as: keys.get(as), ...(body === undefined ? {} : { body }) })
  const statuses = async (roles: readonly Role[], path: string, body: unknown) => {
    const found: number[] = []
    for (const role of roles) found.push((await send(role, 'POST', path, body)).status)
    return found
  }

  describe('a pause', () => {
    const ADMINS = ['domain_admin', 'tenant_admin', 'super_admin'] as const
    const pauses = async (as: Role): Promise<unknown[]> =>
      ((await send(as, 'GET', '/queue/pauses')).json as { data: { pauses: unknown[] } }).data.pauses

    it('of everything or of a site is for a super_admin, and seen by all administrators', async () => {
      const site = `mx.${createId('dlv').slice(4)}.example`
      for (const body of [{ scope: 'site', value: site }, { scope: 'all' }]) {
        expect(await statuses(ADMINS, '/queue/pause', body)).toEqual([403, 403, 200])
        expect(await pauses('super_admin')).toContainEqual(expect.objectContaining({ scope: body.scope, by: 'test' }))
        expect(await pauses('domain_admin')).toContainEqual(expect.objectContaining({ scope: body.scope, by: null }))
        expect(await statuses(ADMINS, '/queue/resume', body)).toEqual([403, 403, 200])
        expect(await statuses(['super_admin'], '/queue/resume', body)).toEqual([404])
      }
      expect(await pauses('super_admin')).not.toContainEqual(expect.objectContaining({ value: site }))
    })

    it('of the tenant is for its administrators', async () => {
      expect(await statuses(['user', ...ADMINS], '/queue/pause', { scope: 'tenant' })).toEqual([403, 403, 200, 200])
      const paused = { scope: 'tenant', value: domain.tenantId, by: 'test' }
      expect(await pauses('domain_admin')).toMatchObject([paused])
      const other = await test.user({ role: 'tenant_admin' })
      const as = await test.key(other)
      const foreign = await test.send('POST', '/queue/pause', { as, body: { scope: 'tenant', value: domain.tenantId } })
      expect(foreign.status).toBe(422)
      expect(JSON.stringify((await test.send('GET', '/queue/pauses', { as })).json)).not.toContain(domain.tenantId)
      // The super_admin made it his.
      expect(await statuses(ADMINS, '/queue/resume', { scope: 'tenant' })).toEqual([403, 403, 200])
      const { items } = await send('super_admin', 'GET', '/admin/audit?target_type=queue')
      expect(items.map(({ action }) => action)).toEqual(['queue.resume', 'queue.pause', 'queue.pause'])
    })

    it('of a sender is for the administrators of the address, but not of a higher role', async () => {
      const of = (name: string) => ({ scope: 'sender', value: `${name}@${domain.name}` })
      expect(await statuses(ADMINS, '/queue/pause', of('USER'))).toEqual([200, 200, 200])
      expect(await statuses(ADMINS, '/queue/pause', of('super_admin'))).toEqual([403, 403, 200])
      expect(await statuses(ADMINS, '/queue/pause', of('domain_admin'))).toEqual([200, 200, 200])
      const elsewhere = { scope: 'sender', value: 'x@elsewhere.example' }
      expect(await statuses(ADMINS, '/queue/pause', elsewhere)).toEqual([422, 200, 200])
      const values = (await pauses('domain_admin')).map((pause) => (pause as { value: string }).value.split('@')[0])
      expect(values.sort()).toEqual(['domain_admin', 'super_admin', 'user'])
      expect(await statuses(ADMINS, '/queue/resume', of('user'))).toEqual([403, 403, 200])
      expect(await statuses(['domain_admin'], '/queue/pause', of('user'))).toEqual([200])
      expect(await statuses(['domain_admin'], '/queue/resume', of('user'))).toEqual([200])
      expect(await statuses(['domain_admin'], '/queue/resume', of('super_admin'))).toEqual([403])
    })

    it('has a value that fits its scope', async () => {
      for (const body of [
        { scope: 'all', value: 'x' },
        { scope: 'site' },
        { scope: 'sender' },
        { scope: 'sender', value: 'x' },
      ]) {
        expect((await send('super_admin', 'POST', '/queue/pause', body)).error.details).toMatchObject([
          { field: 'value' },
        ])
      }
    })
  })

  describe('a throttle', () => {
    let site: string
    beforeEach(() => {
      site = `mx.${createId('dlv').slice(4)}.example`
    })
    const own = async (): Promise<unknown[]> => {
      const found: (Answer['items'][number] & { site?: string })[] = []
      for (let cursor: string | null = ''; cursor !== null;) {
        const { items, pagination } = await send(
          'super_admin',
          'GET',
          `/queue/throttles?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
        )
        found.push(...items)
        cursor = pagination.cursor
      }
      return found.filter((one) => one.site === site)
    }

    it('is listed page by page, with cause and undo, for a super_admin alone', async () => {
      const { db } = get()
      const source = '198.51.100.1'
      await putSite(
        db,
        throttledSite(
          site,
          {},
          { cause: 'block_list', scope: { site, source }, limits: { concurrency: 0, perMinute: 0 } },
        ),
        new Date(),
      )
      expect(await own()).toMatchObject([
        { site, domain: `far.${site}`, cause: 'block_list', source, limits: { concurrency: 0, per_minute: 0 } },
        { site, cause: 'rate', source: null, rule: 'test-rule', reply: '421 4.7.0 slow down' },
      ])
      expect((await send('tenant_admin', 'GET', '/queue/throttles')).status).toBe(403)
      const lift = (cause: string, more = '') =>
        send('super_admin', 'DELETE', `/queue/throttles?site=${site}&cause=${cause}${more}`)
      expect((await lift('block_list', '&source=192.0.2.9')).status).toBe(404)
      expect((await lift('dead')).status).toBe(404)
      expect((await lift('block_list', `&source=${source}`)).data).toEqual({ lifted: 1 })
      expect(await own()).toMatchObject([{ cause: 'rate' }])
      expect((await findSite(db, site))?.state.throttles).toMatchObject([{ cause: 'rate' }])
      const { items } = await send('super_admin', 'GET', `/admin/audit?target_id=${site}`)
      expect(items).toMatchObject([{ action: 'throttle.lift', target: { type: 'site', id: site } }])
    })

    it('is a dead site too, which lives again', async () => {
      await putSite(get().db, deadSite(site), new Date())
      expect(await own()).toMatchObject([{ cause: 'dead', rule: null, reply: 'no answer', limits: { concurrency: 0 } }])
      expect((await send('super_admin', 'DELETE', `/queue/throttles?site=${site}&cause=dead`)).status).toBe(200)
      expect(await own()).toEqual([])
      expect((await findSite(get().db, site))?.state).toMatchObject({ dead: null, failedPlans: 0 })
    })

    it('whose time is long over is none', async () => {
      await putSite(get().db, throttledSite(site, { until: Date.now() - 120 * MINUTE }), new Date())
      expect(await own()).toEqual([])
    })
  })

  it('the shape of the queue counts what waits by domain and age, within what the caller sees', async () => {
    const far = `${createId('dlv').slice(4)}.example`
    const now = test.clock.now.getTime()
    const submit = async (sender: string, recipients: readonly string[], minutes: number) => {
      const at = new Date(now - minutes * MINUTE)
      const item = makeOutgoing(domain.tenantId, recipients, { at, outgoing: { sender } })
      await get().db.transaction((tx) => acceptMessages(tx, [item], get().changes))
    }
    const sender = `user@${domain.name}`
    await submit(sender, [`a@${far}`, `b@${far}`], 1)
    await submit(sender, [`c@${far}`], 15)
    await submit('x@elsewhere.example', [`d@${far}`, `e@second.${far}`], 3000)
    const shape = async (as: Role) => (await send(as, 'GET', '/queue/shape')).data as Record<string, unknown>
    expect(await shape('tenant_admin')).toEqual({
      minutes: [5, 10, 20, 40, 80, 160, 320, 640, 1280],
      total: 5,
      ages: [2, 0, 1, 0, 0, 0, 0, 0, 0, 2],
      domain_count: 2,
      domains: [
        { domain: far, total: 4, ages: [2, 0, 1, 0, 0, 0, 0, 0, 0, 1] },
        { domain: `second.${far}`, total: 1, ages: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1] },
      ],
    })
    expect(await shape('domain_admin')).toMatchObject({ total: 3, domain_count: 1 })
    expect(await shape('user')).toMatchObject({ total: 0, domains: [] })
  })
})
