import { withDatabases } from '@mairust/db/testing'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pruneSignIn } from '../services/auth/index.ts'
import { FIXTURES, requestOf } from '../routers/matrix.fixtures.ts'
import { systemContext } from '../runtime.ts'
import { makeTestApi, type TestApi } from '../testing/api.ts'
import { makeWorld, type World } from '../testing/world.ts'
import { runOnce } from '../trpc/idempotency.ts'
import { appRouter } from '../trpc/root.ts'
import { routesOf } from './routes.ts'

const creating = routesOf(appRouter).filter(({ meta }) => meta.status === 201)
const DAY = 86_400_000

withDatabases((get) => {
  let test: TestApi
  let world: World
  let key: Record<string, string>
  let keys = 0
  beforeAll(() => {
    test = makeTestApi(get())
  })
  beforeEach(async () => {
    world = await makeWorld(test)
    keys += 1
    key = { 'idempotency-key': `key-${keys}` }
  })

  const domain = (name: string, headers = key, as = world.adminKey) =>
    test.send('POST', '/domains', { as, body: { name }, headers })

  describe('every POST that creates something', () => {
    /** A body that no other test uses, since some names are unique across tenants. */
    const freshBody = (procedure: string, body: Record<string, unknown> | undefined) => ({
      ...body,
      ...(procedure === 'domains.create' ? { name: `fresh${keys}.example` } : {}),
      ...(procedure === 'users.create' ? { email: `fresh${keys}@example.net` } : {}),
    })

    it.each(creating)(
      '$procedure: answers with a Location, and creates one resource for a key',
      async ({ procedure, pattern }) => {
        const { path, body: usual } = requestOf({ name: procedure, pattern }, world)
        const body = freshBody(procedure, usual)
        expect(FIXTURES[procedure]?.body).toBeDefined()
        const send = (given: unknown) => test.send('POST', path, { as: world.adminKey, body: given, headers: key })
        const first = await send(body)
        expect(first.status, JSON.stringify(first.json)).toBe(201)
        const location = first.headers.get('location') ?? ''
        expect(location).toBe(`/api/v1${path}/${first.data['id'] ?? ''}`)
        const read = await test.send('GET', location.slice('/api/v1'.length), { as: world.adminKey })
        expect(read.data['id']).toBe(first.data['id'])
        const again = await send(body)
        expect([again.status, again.json, again.headers.get('location')]).toEqual([201, first.json, location])
        expect(first.headers.get('idempotency-replayed')).toBeNull()
        expect(again.headers.get('idempotency-replayed')).toBe('true')
        const other = await send({ ...body, x: 1 })
        expect([other.status, other.error.code]).toEqual([409, 'CONFLICT'])
      },
    )

    it.each(creating)(
      '$procedure: creates one resource for concurrent requests with one key',
      async ({ procedure, pattern }) => {
        const { path, body: usual } = requestOf({ name: procedure, pattern }, world)
        const body = freshBody(procedure, usual)
        const send = () => test.send('POST', path, { as: world.adminKey, body, headers: key })
        const answers = await Promise.all([send(), send(), send()])
        const made = answers.filter(({ status }) => status === 201)
        expect(new Set(made.map(({ data }) => data['id'])).size).toBe(1)
        for (const { status, headers } of answers.filter((answer) => !made.includes(answer))) {
          expect([status, headers.get('retry-after')]).toEqual([409, '1'])
        }
      },
    )
  })

  it('a failed request can be retried with the same key', async () => {
    expect((await domain('a b')).status).toBe(422)
    expect((await domain('failed.example')).status).toBe(201)
  })

  it('a key belongs to its actor, and is forgotten after 24 hours', async () => {
    await domain('first.example')
    const other = await test.key(world.admin)
    expect((await domain('second.example', key, other)).status).toBe(201)
    test.clock.now = new Date(test.clock.now.getTime() + DAY - 1)
    expect((await domain('third.example')).status).toBe(409)
    test.clock.now = new Date(test.clock.now.getTime() + 1)
    expect(await pruneSignIn(test.runtime)).toBeGreaterThan(0)
    expect((await domain('third.example')).status).toBe(201)
  })

  it('a stored answer is not sent to a caller that has lost the permission', async () => {
    const { id = '', key: text } = (
      await test.send('POST', '/admin/api-keys', { as: world.adminKey, body: { name: 'k', scopes: ['admin'] } })
    ).data
    expect((await domain('gone.example', key, text)).status).toBe(201)
    await test.send('PATCH', `/admin/api-keys/${id}`, { as: world.adminKey, body: { scopes: ['read'] } })
    expect((await domain('gone.example', key, text)).status).toBe(403)
  })

  it.each(['', 'x'.repeat(256), 'with space', 'kö'])('the key %j is refused', async (bad) => {
    const answer = await domain('bad.example', { 'idempotency-key': bad })
    expect(answer.status).toBe(422)
    expect(answer.error.details).toMatchObject([{ field: 'Idempotency-Key' }])
  })

  it('a run that has lost its lease creates nothing', async () => {
    const { db } = get()
    const ctx = systemContext(test.runtime, world.admin.tenantId)
    const run = runOnce(ctx, { key: 'slow', request: 1 }, async (witness) => {
      await db.update(db.tables.idempotencyKeys).set({ lease: 'of another run' })
      await db.transaction(async (tx) => witness(tx, { targetId: 'dom_x' }))
      return { ok: true, data: null }
    })
    await expect(run).rejects.toMatchObject({ code: 'CONFLICT', retryAfter: 1 })
  })

  it('a run that crashed before it created anything can be retried after a minute', async () => {
    const { db } = get()
    const name = `cut-off${keys}.example`
    expect((await domain(name)).status).toBe(201)
    await db.update(db.tables.idempotencyKeys).set({ madeId: null, answer: null })
    expect((await domain(name)).headers.get('retry-after')).toBe('1')
    test.clock.now = new Date(test.clock.now.getTime() + 61_000)
    // The name is taken, which shows that the request ran again.
    expect((await domain(name)).error.message).toContain('exists')
  })

  it('names what was created before the server crashed', async () => {
    const { db } = get()
    const { data } = await domain(`died${keys}.example`)
    await db.update(db.tables.idempotencyKeys).set({ answer: null })
    test.clock.now = new Date(test.clock.now.getTime() + 61_000)
    expect((await domain(`died${keys}.example`)).error.message).toContain(data['id'])
  })

  describe('what is kept for a key is bounded:', () => {
    const kept = async () => (await get().db.select().from(get().db.tables.idempotencyKeys)).map(({ answer }) => answer)

    it('of a large draft its id; a repeated request gets the draft as it is, or the id of one that is gone', async () => {
      const body = { subject: 'large', text: 'あ'.repeat(400_000), mailbox: world.mailbox.id }
      const create = () => test.send('POST', '/drafts', { as: world.adminKey, body, headers: key })
      const first = await create()
      const path = `/drafts/${first.data['id'] ?? ''}`
      expect(first.data['text']).toBe(body.text)
      expect(Math.max(...(await kept()).map((answer) => answer?.length ?? 0))).toBeLessThan(100_000)
      expect((await create()).json).toEqual(first.json)
      await test.send('PATCH', path, { as: world.adminKey, body: { subject: 'changed' } })
      expect((await create()).data['subject']).toBe('changed')
      await test.send('DELETE', path, { as: world.adminKey })
      const last = await create()
      expect([last.status, last.json, last.headers.get('idempotency-replayed')]).toEqual([
        201,
        { data: { id: first.data['id'] } },
        'true',
      ])
    })

    it('of any other large answer its id', async () => {
      const ctx = systemContext(test.runtime, world.admin.tenantId)
      const run = (length: number) =>
        runOnce(ctx, { key: `long-${keys}-${length}`, request: 1 }, async (witness) => {
          await get().db.transaction(async (tx) => witness(tx, { targetId: 'tag_x' }))
          return { ok: true, data: { data: { id: 'tag_x', name: 'x'.repeat(length) } } }
        })
      await run(70_000)
      await run(60_000)
      expect(await run(70_000)).toEqual({ replayed: true, data: { data: { id: 'tag_x' } } })
      expect(await run(60_000)).toEqual({ replayed: true, data: { data: { id: 'tag_x', name: 'x'.repeat(60_000) } } })
    })

    it('10,000 keys of a user, whichever of their API keys sends them; the oldest are forgotten', async () => {
      const { db } = get()
      const [{ tenantId, id }, at] = [world.admin, test.clock.now.getTime()]
      const others = { tenantId, owner: id, request: '', lease: '', madeId: 'dom_x', answer: 'x' }
      const rows = Array.from({ length: 10_000 }, (_, n) => ({
        ...others,
        id: `old-${keys}-${n}`,
        leasedUntil: new Date(at),
        expiresAt: new Date(at + 1000 + n),
      }))
      while (rows.length > 0) await db.insert(db.tables.idempotencyKeys).values(rows.splice(0, 1000))
      expect((await domain(`over${keys}.example`)).status).toBe(201)
      expect((await domain(`over${keys}.example`)).headers.get('idempotency-replayed')).toBe('true')
      const left = await db.select().from(db.tables.idempotencyKeys)
      const mine = left.filter((row) => row.owner === id && row.tenantId === tenantId).map((row) => row.id)
      expect([mine.length, mine.includes(`old-${keys}-0`), mine.includes(`old-${keys}-1`)]).toEqual([
        10_000,
        false,
        true,
      ])
    })
  })

  it('the stored answer is not readable in the database', async () => {
    const body = { name: 'secret', scopes: ['read'] }
    const made = await test.send('POST', '/admin/api-keys', { as: world.adminKey, body, headers: key })
    const rows = await get().db.select().from(get().db.tables.idempotencyKeys)
    expect(JSON.stringify(rows)).toContain(made.data['id'])
    expect(JSON.stringify(rows)).not.toContain(made.data['key'])
  })
})
