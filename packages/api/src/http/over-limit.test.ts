import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { configSchema } from '@mairust/config'
import { withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, ORIGIN, PASSWORD, type TestApi } from '../testing/api.ts'

const rates = {
  per_key_per_minute: 3,
  per_session_writes_per_minute: 2,
  per_session_reads_per_minute: 3,
  login_per_address_per_minute: 2,
  anonymous_per_address_per_minute: 3,
}

withDatabases((get) => {
  let test: TestApi
  beforeAll(() => {
    test = makeTestApi(get())
    test.api.reload(configSchema.parse({ web: { rate_limits: rates } }))
  })
  afterAll(() => test.api.close())

  type Asked = { method?: string; ip: string; headers?: Record<string, string> }
  const early = (url: string, { method = 'GET', ip, headers = {} }: Asked) => {
    const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: ip })
    return test.api.overLimit(Object.assign(new IncomingMessage(socket), { method, url, headers }))
  }
  const late = (url: string, { method = 'GET', ip, headers = {} }: Asked) =>
    test.api[url.startsWith('/api/trpc') ? 'trpc' : 'rest'](new Request(`${ORIGIN}${url}`, { method, headers }), { ip })
  /** An answer without what differs from one to the next. */
  const plain = async (answer: Response | null) =>
    answer === null
      ? null
      : {
          status: answer.status,
          headers: [...answer.headers.keys()].sort(),
          limit: answer.headers.get('x-ratelimit-limit'),
          body: (await answer.text()).replace(/req_\w+/, ''),
        }

  describe('1.4: a request over its limit', () => {
    it.each([
      ['/api/v1/health', '192.0.2.1'],
      ['/api/v1/nothing?q=%20', '192.0.2.2'],
      ['/api/trpc/health.get', '192.0.2.3'],
      ['/api/trpc/a,b?batch=1', '192.0.2.4'],
    ])('of an address is answered as after the look-up of its sender: %s', async (url, ip) => {
      const asked = { ip }
      for (let n = 0; n < 3; n += 1) {
        expect(await early(url, asked)).toBeNull()
        await late('/api/v1/health', asked)
      }
      const answer = await plain(await early(url, asked))
      expect(answer?.status).toBe(429)
      expect(answer).toEqual(await plain(await late(url, asked)))
      expect(await early(url, { ip: '198.51.100.1' })).toBeNull()
    })

    it('of a key is answered without the database once the key was over its limit', async () => {
      const key = await test.key(await test.user())
      const asked = { ip: '203.0.113.1', headers: { authorization: `Bearer ${key}` } }
      for (let n = 0; n < 3; n += 1) await late('/api/v1/me', asked)
      expect(await early('/api/v1/me', asked)).toBeNull()
      const over = await plain(await late('/api/v1/me', asked))
      expect(over).toMatchObject({ status: 429, limit: '3' })
      expect(await plain(await early('/api/v1/me', asked))).toEqual(over)
      const other = { ...asked, headers: { authorization: `Bearer ${await test.key(await test.user())}` } }
      expect(await early('/api/v1/me', other)).toBeNull()
    })

    it('of a session is answered so by what it does, reads or changes', async () => {
      const user = await test.user()
      const { headers } = await test.send('POST', '/auth/login', {
        body: { email: user.email, password: PASSWORD },
        ip: '203.0.113.2',
      })
      const [cookie = ''] = (headers.get('set-cookie') ?? '').split(';')
      const asked = { ip: '203.0.113.2', headers: { cookie } }
      for (let n = 0; n < 4; n += 1) await late('/api/v1/me', asked)
      expect(await plain(await early('/api/v1/me', asked))).toMatchObject({ status: 429, limit: '3' })
      expect(await early('/api/v1/me', { ...asked, method: 'PATCH' })).toBeNull()
      expect(await early('/api/v1/health', { ip: asked.ip })).toBeNull()
    })

    it('of logins is answered so, and logins are not counted as other requests', async () => {
      const login = { method: 'POST', ip: '203.0.113.3' }
      for (let n = 0; n < 3; n += 1) await late('/api/v1/auth/login', login)
      expect(await plain(await early('/api/v1/auth/login', login))).toMatchObject({ status: 429, limit: '2' })
      expect(await plain(await early('/api/v1/auth/login/?x', login))).toMatchObject({ status: 429, limit: '2' })
      expect(await early('/api/v1/health', { ip: login.ip })).toBeNull()
      for (const url of ['/api/v1/auth/login/x', '/api/v1/auth/logins']) expect(await early(url, login)).toBeNull()
      expect(await early('/api/v1/auth/login', { ...login, method: 'GET' })).toBeNull()
    })

    it('is looked at in whole when it is none of the API, or a change or a login by tRPC', async () => {
      const asked = { ip: '203.0.113.4' }
      for (let n = 0; n < 4; n += 1) await late('/api/v1/health', asked)
      for (const url of ['/api/health', '/api/v1x', '/mail', '/api/trpc/a%2Cauth.login', '/api/trpc/a,auth.login'])
        expect(await early(url, asked)).toBeNull()
      expect(await early('/api/trpc/auth.logout', { ...asked, method: 'POST' })).toBeNull()
    })
  })
})
