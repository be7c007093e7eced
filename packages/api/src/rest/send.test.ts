import { listDeliveries } from '@mairust/db/queries/delivery'
import { tenantScope } from '@mairust/db/queries/scope'
import { makeAlias, makeDomain, makeMailbox, withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeTestApi, type TestApi } from '../testing/api.ts'
import { makeWorld, type World } from '../testing/world.ts'

withDatabases((get) => {
  let test: TestApi
  let world: World
  beforeAll(() => {
    test = makeTestApi(get())
  })
  beforeEach(async () => {
    world = await makeWorld(test)
  })
  afterAll(() => test.api.close())

  const message = (input: Record<string, unknown> = {}) => ({
    from: world.mailbox.address,
    to: ['ken@far.example'],
    subject: 'Hello',
    text: 'Hi.',
    ...input,
  })
  const post = (body: unknown, key?: string, as = world.adminKey, path = '/send') =>
    test.send('POST', path, { as, body, headers: key === undefined ? {} : { 'idempotency-key': key } })
  const sentTo = async (address: string) => {
    const filter = { recipient: address }
    return (await listDeliveries(get().db, tenantScope(world.admin.tenantId), filter, { limit: 100 })).length
  }

  it('a message is answered with 202, its id, journey and recipients, each of which can be followed', async () => {
    const sent = await post(message())
    expect([sent.status, Object.keys(sent.data)]).toEqual([
      202,
      ['id', 'message_id', 'journey_id', 'status', 'recipients'],
    ])
    const [recipient] = sent.data['recipients'] as unknown as { delivery_id: string }[]
    const delivery = await test.send('GET', `/queue/${recipient?.delivery_id ?? ''}`, { as: world.adminKey })
    expect(delivery.data).toMatchObject({
      state: 'queued',
      recipient: 'ken@far.example',
      journey_id: sent.data['journey_id'],
    })
    const journey = await test.send('GET', `/journeys/${sent.data['journey_id'] ?? ''}`, { as: world.adminKey })
    expect(journey.data['status']).toBe('queued')
  })

  describe('an Idempotency-Key', () => {
    it('sends once, whether the repetition comes later or at the same time', async () => {
      const [one, other] = await Promise.all([post(message(), 'a'), post(message(), 'a')])
      expect([one.status, other.status].sort()).toEqual([202, 409])
      const first = one.status === 202 ? one : other
      const again = await post(message(), 'a')
      expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true'])
      expect(again.json).toEqual(first.json)
      expect(await sentTo('ken@far.example')).toBe(1)
    })

    it('is refused with another body', async () => {
      await post(message(), 'b')
      const other = await post(message({ text: 'Ho.' }), 'b')
      expect([other.status, other.error.code]).toEqual([409, 'CONFLICT'])
      expect(await sentTo('ken@far.example')).toBe(1)
    })

    it('is free again after a call that sent nothing', async () => {
      expect((await post(message({ to: [`nobody@${world.mailbox.address.split('@')[1] ?? ''}`] }), 'c')).status).toBe(
        422,
      )
      expect((await post(message(), 'c')).status).toBe(202)
    })

    it('holds for batches and drafts', async () => {
      const batch = { messages: [message(), message({ to: ['lee@far.example'] })] }
      const made = [
        await post(batch, 'd', world.adminKey, '/send/batch'),
        await post(batch, 'd', world.adminKey, '/send/batch'),
      ]
      expect(made.map(({ status }) => status)).toEqual([202, 202])
      expect(made[1]?.json).toEqual(made[0]?.json)
      expect([await sentTo('ken@far.example'), await sentTo('lee@far.example')]).toEqual([1, 1])
      const draft = await test.send('POST', '/drafts', {
        as: world.adminKey,
        body: message({ to: ['max@far.example'] }),
      })
      const path = `/drafts/${draft.data['id'] ?? ''}/send`
      const sent = [await post({}, 'e', world.adminKey, path), await post({}, 'e', world.adminKey, path)]
      expect(sent.map(({ status }) => status)).toEqual([202, 202])
      expect(await sentTo('max@far.example')).toBe(1)
    })
  })

  describe('a key', () => {
    it('without the scope send is refused before its body is read', async () => {
      const refused = await post(message(), undefined, await test.key(world.admin, ['read', 'write', 'admin']))
      expect([refused.status, refused.error.code]).toEqual([403, 'FORBIDDEN'])
    })

    it('that is narrowed sends from its mailboxes and domains alone, whatever else its user may send from', async () => {
      const { db } = get()
      const scope = tenantScope(world.admin.tenantId)
      const other = await makeDomain(db, scope)
      const own = { userId: world.admin.id, domainId: other.id }
      const mailbox = await makeMailbox(db, scope, { ...own, address: `second@${other.name}` })
      const alias = await makeAlias(db, scope, {
        domainId: other.id,
        address: `alias@${other.name}`,
        targets: [world.mailbox.address],
        maySendAs: true,
      })
      const froms = [world.mailbox.address, mailbox.address, alias.address]
      const statuses = async (as: string) =>
        Promise.all(froms.map(async (from) => (await post(message({ from }), undefined, as)).status))
      expect(await statuses(world.adminKey)).toEqual([202, 202, 202])
      const byMailbox = await test.key(world.admin, [{ scope: 'send', mailboxes: [world.mailbox.address] }])
      expect(await statuses(byMailbox)).toEqual([202, 403, 403])
      const byDomain = await test.key(world.admin, [{ scope: 'send', domains: [other.name] }])
      expect(await statuses(byDomain)).toEqual([403, 202, 403])
    })
  })

  it('who sends learns of a limit as 429, with when to try again', async () => {
    const outbound = {
      ...test.runtime.config.outbound,
      rate_limits: { per_user: { hourly: 1, daily: 0 }, per_domain: { hourly: 0 } },
    }
    const { config } = test.runtime
    const limited = makeTestApi(get(), { config: { ...config, outbound } })
    const call = () => limited.send('POST', '/send', { as: world.adminKey, body: message() })
    expect((await call()).status).toBe(202)
    const refused = await call()
    expect([refused.status, refused.error.code]).toEqual([429, 'RATE_LIMITED'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    await limited.api.close()
  })
})
