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

  it('the stored answer is not readable in the database', async () => {
    const body = { name: 'secret', scopes: ['read'] }
    const made = await test.send('POST', '/admin/api-keys', { as: world.adminKey, body, headers: key })
    const rows = await get().db.select().from(get().db.tables.idempotencyKeys)
    expect(JSON.stringify(rows)).toContain(made.data['id'])
    expect(JSON.stringify(rows)).not.toContain(made.data['key'])
  })
})
