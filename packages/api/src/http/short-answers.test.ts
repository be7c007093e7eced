import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, ORIGIN, signIn, type TestApi } from '../testing/api.ts'

type Asked = { method?: string; headers?: Record<string, string> }

withDatabases((get) => {
  let test: TestApi
  beforeAll(() => {
    test = makeTestApi(get())
  })
  afterAll(() => test.api.close())

  const ip = '192.0.2.1'
  const early = (url: string, { method = 'GET', headers = {} }: Asked = {}) => {
    const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: ip })
    return test.api.shortAnswer(Object.assign(new IncomingMessage(socket), { method, url, headers }))
  }
  const late = (url: string, { method = 'GET', headers = {} }: Asked = {}) => {
    const { api } = test
    const handlers = { '/api/trpc': api.trpc, '/api/v1': api.rest, '/api/events': api.events, '/m/': api.render }
    const [, handler = api.health] = Object.entries(handlers).find(([path]) => url.startsWith(path)) ?? []
    return handler(new Request(`${ORIGIN}${url}`, { method, headers }), { ip })
  }
  /** An answer without what differs from one to the next. */
  const plain = async (answer: Response | null) =>
    answer && {
      status: answer.status,
      headers: [...answer.headers].filter(([name]) => !/request-id|remaining|reset/.test(name)),
      body: (await answer.text()).replace(/req_\w+/g, ''),
    }
  const remaining = async (asking: Promise<Response | null>) =>
    Number((await asking)?.headers.get('x-ratelimit-remaining'))

  describe('1.4: without the framework is answered', () => {
    it.each([
      ['GET', '/api/v1/health', 200],
      ['HEAD', '/api/v1/health/?x', 200],
      ['GET', '/api/health', 200],
      ['GET', '/api/v1/auth/me', 401],
      ['POST', '/api/v1/users', 401],
      ['DELETE', '/api/v1/users/usr_1', 401],
      ['GET', '/api/v1/messages/msg_1/raw', 401],
      ['GET', '/api/v1/nothing', 404],
      ['POST', '/api/v1/health', 404],
      ['GET', '/api/trpc/auth.me', 401],
      ['GET', '/api/events', 401],
      ['GET', '/m/msg_1/body?images=1', 401],
      ['GET', '/api/trpc/auth.me,nothing.get?batch=1', 207],
    ])('%s %s of who has not signed in, as it always is', async (method, url, status) => {
      const answer = await plain(await early(url, { method }))
      expect(answer?.status).toBe(status)
      expect(answer).toEqual(await plain(await late(url, { method })))
    })

    it('and counted as one request of the address', async () => {
      const before = await remaining(late('/api/v1/health'))
      expect(await remaining(early('/api/v1/health'))).toBe(before - 1)
      expect(await remaining(early('/api/v1/auth/me'))).toBe(before - 2)
    })

    it.each([
      { authorization: 'Bearer nonsense' },
      { authorization: `Bearer mk_live_00000000_${'a'.repeat(43)}_000000` },
      { cookie: `mairust_sid=${'a'.repeat(43)}` },
    ])('also with a credential that was made up: %j', async (headers) => {
      const answer = await plain(await early('/api/v1/auth/me', { headers }))
      expect(answer?.status).toBe(401)
      expect(answer).toEqual(await plain(await late('/api/v1/auth/me', { headers })))
      expect(test.runtime.known.find(headers.authorization ?? 'a'.repeat(43))).toBeNull()
    })

    it('the health of who has signed in', async () => {
      const headers = { authorization: `Bearer ${await test.key(await test.user())}` }
      expect((await early('/api/v1/health', { headers }))?.headers.get('x-ratelimit-limit')).toBe(
        (await late('/api/v1/health', { headers })).headers.get('x-ratelimit-limit'),
      )
    })

    it.each([
      ['GET', '/api/v1/openapi.json'],
      ['GET', '/api/v1/docs'],
      ['POST', '/api/v1/auth/login'],
      ['POST', '/api/trpc/auth.me'],
      ['POST', '/api/trpc/auth.login'],
      ['GET', '/api/v1/m%65'],
      ['POST', '/api/health'],
    ])('but not what is long or has a body: %s %s', async (method, url) => {
      expect(await early(url, { method })).toBeNull()
    })
  })

  describe('1.4: who has signed in is known', () => {
    it('from the first look-up, and until one after the end of the session', async () => {
      const cookie = await signIn(test, await test.user())
      const session = cookie.split('=')[1] ?? ''
      expect(test.runtime.known.find(session)).toBeNull()
      expect(await early('/api/v1/auth/me', { headers: { cookie } })).toBeNull()
      expect(test.runtime.known.find(session)?.tenant).toMatch(/^tnt_/)
      await test.send('POST', '/auth/logout', { as: cookie })
      expect((await late('/api/v1/auth/me', { headers: { cookie } })).status).toBe(401)
      expect(test.runtime.known.find(session)).toBeNull()
      expect((await early('/api/v1/auth/me', { headers: { cookie } }))?.status).toBe(401)
    })

    it('by all keys of a user as one, which a page or a change shows as well', async () => {
      const user = await test.user()
      const [one, two] = [`Bearer ${await test.key(user)}`, `Bearer ${await test.key(user)}`]
      await late('/api/v1/auth/me', { headers: { authorization: one } })
      await test.api.admitPage(new Request(ORIGIN, { headers: { authorization: two } }), { ip })
      expect(test.runtime.known.find(one)?.session).toBe(`${user.tenantId} ${user.id}`)
      expect(test.runtime.known.find(two)).toEqual(test.runtime.known.find(one))
    })
  })
})
