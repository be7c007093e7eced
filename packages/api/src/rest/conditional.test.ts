import { withDatabases } from '@mairust/db/testing'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { requestOf } from '../routers/matrix.fixtures.ts'
import { makeTestApi, signIn, type TestApi } from '../testing/api.ts'
import { makeWorld, type World } from '../testing/world.ts'
import { appRouter } from '../trpc/root.ts'
import { routesOf } from './routes.ts'

const routes = routesOf(appRouter)
const changes = routes.filter(({ method }) => method === 'PATCH' || method === 'PUT')
/** Of single resources: those have a state that can be stale. */
const removals = routes.filter(({ method, pattern }) => method === 'DELETE' && pattern.includes('{'))
const STALE = '"stale"'

/** What must be removed before a resource can be. */
const EMPTIED: Record<string, (world: World) => string[]> = {
  'domains.remove': ({ ids }) => [`/aliases/${ids.alias}`, `/mailboxes/${ids.mailbox}`],
}

withDatabases((get) => {
  let test: TestApi
  let world: World
  beforeAll(() => {
    test = makeTestApi(get())
  })
  beforeEach(async () => {
    world = await makeWorld(test)
  })

  const callerFor = (procedure: string): Promise<string> =>
    procedure.startsWith('auth.') ? signIn(test, world.admin) : Promise.resolve(world.adminKey)

  /** Reads a resource, for an operation that changes it. */
  const look = async (route: (typeof routes)[number]) => {
    const as = await callerFor(route.procedure)
    const { path, body } = requestOf({ name: route.procedure, pattern: route.pattern }, world)
    const read = await test.send('GET', path, { as })
    expect(read.status, path).toBe(200)
    return { as, path, body, read, etag: read.headers.get('etag') ?? '' }
  }

  describe('If-Match', () => {
    it.each(changes)('$method $pattern: 412 if stale, otherwise done, with the new tag', async (route) => {
      const { as, path, body, read, etag } = await look(route)
      expect(etag).toMatch(/^"[\w-]{27}"$/)
      for (const header of [STALE, `W/${etag}`, '']) {
        const refused = await test.send(route.method, path, { as, body, headers: { 'if-match': header } })
        expect(refused.status).toBe(412)
        expect(refused.error.code).toBe('PRECONDITION_FAILED')
      }
      expect((await test.send('GET', path, { as })).headers.get('etag')).toBe(etag)
      const headers = { 'if-match': `${STALE}, ${etag}` }
      const done = await test.send(route.method, path, { as, body, headers })
      expect(done.status, JSON.stringify(done.json)).toBe(200)
      const after = await test.send('GET', path, { as })
      expect(after.headers.get('etag')).toBe(done.headers.get('etag'))
      expect(after.headers.get('etag')).not.toBe(read.headers.get('etag'))
    })

    it.each(changes)('$method $pattern: of several concurrent changes with one tag, one is done', async (route) => {
      const { as, path, body, etag } = await look(route)
      // Different names, since renaming to the present name changes nothing and always succeeds.
      const nth = (n: number) => (body !== undefined && 'name' in body ? { ...body, name: `${n}` } : body)
      const send = (n: number) => test.send(route.method, path, { as, body: nth(n), headers: { 'if-match': etag } })
      const answers = await Promise.all([1, 2, 3, 4].map(send))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412])
    })

    it.each(removals)('$method $pattern: 412 if stale, otherwise removed', async (route) => {
      for (const path of EMPTIED[route.procedure]?.(world) ?? []) {
        await test.send('DELETE', path, { as: world.adminKey })
      }
      const { as, path, etag } = await look(route)
      expect((await test.send('DELETE', path, { as, headers: { 'if-match': STALE } })).status).toBe(412)
      expect((await test.send('DELETE', path, { as, headers: { 'if-match': etag } })).status).toBe(200)
    })

    it('accepts * for an existing resource, and answers 404 for a missing one', async () => {
      const headers = { 'if-match': '*' }
      const { path, as } = await look(routes.find(({ procedure }) => procedure === 'aliases.update') ?? fail())
      expect((await test.send('PATCH', path, { as, body: { enabled: false }, headers })).status).toBe(200)
      expect((await test.send('DELETE', path, { as, headers })).status).toBe(200)
      expect((await test.send('DELETE', path, { as, headers })).status).toBe(404)
    })
  })

  it('a resource that the client has answers 304, also for weak tags and lists of tags', async () => {
    const path = `/domains/${world.ids.domain}`
    const as = world.adminKey
    const etag = (await test.send('GET', path, { as })).headers.get('etag') ?? ''
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = await test.send('GET', path, { as, headers: { 'if-none-match': known } })
      expect([answer.status, answer.json, answer.headers.get('etag')]).toEqual([304, '', etag])
    }
    expect((await test.send('GET', path, { as, headers: { 'if-none-match': '"x"' } })).status).toBe(200)
    expect((await test.send('GET', '/domains', { as })).headers.get('etag')).toBeNull()
  })

  it('the entity tag of a message depends on its flags and tags, not on its signed links', async () => {
    const path = `/messages/${world.ids.message}`
    const as = world.adminKey
    const first = (await test.send('GET', path, { as })).headers.get('etag')
    test.clock.now = new Date(test.clock.now.getTime() + 60_000)
    expect((await test.send('GET', path, { as })).headers.get('etag')).toBe(first)
    await test.send('PATCH', path, { as, body: { add_tags: ['new'] } })
    expect((await test.send('GET', path, { as })).headers.get('etag')).not.toBe(first)
  })
})

const fail = (): never => {
  throw new Error('there is no such operation')
}
