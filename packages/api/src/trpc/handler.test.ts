import { SearchBusyError, SearchTooSlowError } from '@mairust/db'
import { BlobStoreFullError } from '@mairust/db/blob'
import { withDatabases } from '@mairust/db/testing'
import { createTRPCClient, httpBatchLink, httpLink, TRPCClientError } from '@trpc/client'
import { beforeAll, describe, expect, it } from 'vitest'
import { toAppError } from './errors.ts'
import { makeTestApi, ORIGIN, PASSWORD, signIn, type TestApi } from '../testing/api.ts'
import type { AppRouter } from './root.ts'

interface Call {
  result?: { data: { data: unknown } }
  error?: { message: string; data: Record<string, unknown> }
}

it('answers CONFLICT if what a row refers to was removed meanwhile', () => {
  const violation = Object.assign(new Error('insert or update violates foreign key constraint'), { code: '23503' })
  expect(toAppError(violation).code).toBe('CONFLICT')
})

it.each([
  Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }),
  Object.assign(new Error('could not extend file'), { code: '53100' }),
  new BlobStoreFullError('the blob store is full'),
])('says that the disk is full, and keeps the cause for the log: %s', (cause) => {
  const error = toAppError(cause)
  expect([error.status, error.message, error.cause]).toEqual([
    503,
    'The disk of the server is full. Whoever runs it has to free space.',
    cause,
  ])
})

it('says how to search faster, and asks to retry only a search that got no turn', () => {
  const slow = toAppError(new SearchTooSlowError('too slow'))
  expect(slow).toMatchObject({ status: 422, retryAfter: undefined })
  expect(slow.details).toEqual([{ field: 'q', reason: expect.stringContaining('longer words') as string }])
  expect(toAppError(new SearchBusyError('no turn'))).toMatchObject({ status: 503, retryAfter: 5 })
})

withDatabases((get) => {
  describe('tRPC', () => {
    let test: TestApi
    let cookie: string
    beforeAll(async () => {
      test = makeTestApi(get())
      cookie = await signIn(test, await test.user({ role: 'super_admin' }))
    })

    const call = async (path: string, init: RequestInit & { body?: string } = {}) => {
      const headers = { cookie, origin: ORIGIN, host: 'localhost:8080', ...(init.headers as Record<string, string>) }
      const type: Record<string, string> = init.body === undefined ? {} : { 'content-type': 'application/json' }
      const request = new Request(`${ORIGIN}/api/trpc/${path}`, { ...init, headers: { ...type, ...headers } })
      const response = await test.api.trpc(request, { ip: '192.0.2.1' })
      const json: unknown = await response.json()
      return { response, json: json as Call, batch: json as Call[] }
    }
    const input = (value: unknown) => `?input=${encodeURIComponent(JSON.stringify(value))}`
    const mutate = (path: string, value: unknown, headers: Record<string, string> = {}) =>
      call(path, { method: 'POST', body: JSON.stringify(value), headers })

    it('answers like REST, in tRPC’s envelope', async () => {
      const made = await mutate('domains.create', { name: 'frame.example', active: true })
      expect(made.json.result?.data.data).toMatchObject({ name: 'frame.example', status: 'active' })
      const { json } = await call(`domains.list${input({ q: 'frame', limit: 5 })}`)
      expect(json.result?.data.data).toEqual([made.json.result?.data.data])
    })

    it('has code, details and request id in errors, and no stack', async () => {
      const { response, json } = await mutate('domains.create', { name: 'x.example', active: 'false', more: 1 })
      expect(response.status).toBe(422)
      expect(json.error?.data).toEqual({
        code: 'VALIDATION_ERROR',
        httpStatus: 422,
        details: [
          { field: 'active', reason: 'must be true or false' },
          { field: 'more', reason: 'is not a known field' },
        ],
        request_id: response.headers.get('x-request-id'),
      })
      expect((await call(`domains.get${input({ id: 'dom_01jd4q8r6vf2s8x0k3m5n7p9tz' })}`)).response.status).toBe(404)
      expect((await call('nothing.here')).response.status).toBe(404)
    })

    it('accepts a batch up to a limit', async () => {
      const names = ['auth.me', 'domains.list']
      const inputs = encodeURIComponent(JSON.stringify({ 0: {}, 1: {} }))
      const { batch } = await call(`${names.join(',')}?batch=1&input=${inputs}`)
      expect(batch).toHaveLength(2)
      expect((await call(`${Array.from({ length: 21 }, () => 'auth.me').join(',')}?batch=1`)).response.status).toBe(400)
    })

    it('refuses changes from another site, in another type, too large, and by GET', async () => {
      const body = { name: 'csrf.example' }
      expect((await mutate('domains.create', body, { origin: 'https://evil.example' })).response.status).toBe(403)
      expect((await mutate('domains.create', body, { 'content-type': 'text/plain' })).response.status).toBe(415)
      expect((await mutate('auth.logout', {}, { 'content-type': 'multipart/form-data' })).response.status).toBe(415)
      expect((await mutate('domains.create', { name: 'x'.repeat(1_100_000) })).response.status).toBe(413)
      expect((await call(`auth.logout${input({})}`)).response.status).toBe(404)
      expect((await call(`auth.me${input({})}`)).response.status).toBe(200)
    })

    it('reads a large body only for who may make one of the changes', async () => {
      const authorization = `Bearer ${await test.key(await test.user({ role: 'super_admin' }), ['read'])}`
      const given = { headers: { authorization, cookie: '' }, body: JSON.stringify({ name: 'x'.repeat(20_000) }) }
      const sent = async (path: string) => (await call(path, { method: 'POST', ...given })).response.status
      expect(await sent('domains.create')).toBe(403)
      expect(await sent('tags.create,domains.create?batch=1')).toBe(403)
      for (const path of ['auth.logout', 'auth.login,tags.create?batch=1', 'auth.me', 'none', '%ff']) {
        expect(await sent(path), path).toBe(413)
      }
      expect((await mutate('auth.logout,tags.create?batch=1', { name: 'x'.repeat(20_000) })).response.status).toBe(422)
    })

    it('says when to try again, for one call and for the slowest of a batch', async () => {
      const headers = { cookie: await signIn(test, await test.user({ role: 'super_admin' })) }
      const wrong = { current_password: 'not this one', password: 'another quiet harbour' }
      for (let tries = 0; tries < 5; tries += 1) await mutate('account.password', wrong, headers)
      const locked = await mutate('account.password', wrong, headers)
      expect(locked.json.error?.data['code']).toBe('RATE_LIMITED')
      expect(Number(locked.response.headers.get('retry-after'))).toBeGreaterThan(800)
      const inputs = { 0: { name: 'waits.example' }, 1: wrong }
      const batch = await mutate('domains.create,account.password?batch=1', inputs, headers)
      expect(batch.response.status).toBe(207)
      expect(Number(batch.response.headers.get('retry-after'))).toBeGreaterThan(800)
    })

    it('sets a cookie at login, and limits logins in a batch', async () => {
      const user = await test.user()
      const { response } = await mutate('auth.login', { email: user.email, password: PASSWORD }, { cookie: '' })
      expect(response.headers.get('set-cookie')).toContain('mairust_sid=')
      const logins = Array.from({ length: 20 }, () => 'auth.login').join(',')
      const bodies = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [n, { email: user.email, password: 'x' }]))
      const statuses = []
      for (let round = 0; round < 4; round += 1) {
        statuses.push((await mutate(`${logins}?batch=1`, bodies, { cookie: '' })).response.status)
      }
      expect(statuses.at(-1)).toBe(429)
    })

    it.each(['auth.login', 'auth.login/', 'auth%2elogin', 'auth.login?batch=1'])(
      'limits logins however the call is written: %s',
      async (path) => {
        const fresh = makeTestApi(get())
        const login = () =>
          fresh.api.trpc(
            new Request(`${ORIGIN}/api/trpc/${path}`, {
              method: 'POST',
              headers: { 'content-type': 'application/json', host: 'localhost:8080' },
              body: '{}',
            }),
            { ip: '192.0.2.7' },
          )
        for (let tries = 0; tries < 60; tries += 1) expect((await login()).status).not.toBe(429)
        const refused = await login()
        expect(refused.status).toBe(429)
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      },
    )

    describe.each([
      ['one by one', httpLink],
      ['in batches', httpBatchLink],
    ])('is understood by its own client, %s, for', (_how, link) => {
      const clientOf = (api: TestApi, headers: Record<string, string>) => {
        const options = {
          url: `${ORIGIN}/api/trpc`,
          headers: { cookie, host: 'localhost:8080', origin: ORIGIN, ...headers },
          fetch: (url: unknown, init: unknown) =>
            api.api.trpc(new Request(url as string, init as RequestInit), { ip: '192.0.2.8' }),
        }
        return createTRPCClient<AppRouter>({ links: [link<AppRouter>(options)] })
      }
      const refusalOf = async (call: Promise<unknown>): Promise<unknown> => {
        const error: unknown = await call.catch((thrown: unknown) => thrown)
        return error instanceof TRPCClientError ? error.data : error
      }
      const id = expect.stringMatching(/^req_/) as string

      it('a change from another site', async () => {
        const client = clientOf(test, { origin: 'https://evil.example' })
        expect(await refusalOf(client.domains.create.mutate({ name: 'evil.example' }))).toEqual({
          code: 'FORBIDDEN',
          httpStatus: 403,
          details: [],
          request_id: id,
        })
      })

      it('a body that is too large, or of another type', async () => {
        const large = clientOf(test, {}).domains.create.mutate({ name: 'x'.repeat(1_100_000) })
        expect(await refusalOf(large)).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', request_id: id })
        const typed = clientOf(test, { 'content-type': 'text/plain' }).domains.create.mutate({ name: 'x.example' })
        expect(await refusalOf(typed)).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE', request_id: id })
      })

      it('too many requests', async () => {
        const api = makeTestApi(get())
        const client = clientOf(api, { cookie: '' })
        const login = () => refusalOf(client.auth.login.mutate({ email: 'nobody@example.com', password: 'x' }))
        let refusal = await login()
        for (let tries = 0; tries < 100 && !JSON.stringify(refusal).includes('RATE_LIMITED'); tries += 1) {
          refusal = await login()
        }
        expect(refusal).toMatchObject({ code: 'RATE_LIMITED', httpStatus: 429, request_id: id })
      })
    })

    it('answers INVALID_REQUEST to a path that cannot be decoded', async () => {
      const { response, json } = await call('%zz')
      expect(response.status).toBe(400)
      expect(json.error?.data['code']).toBe('INVALID_REQUEST')
    })

    it('tells anybody whether the setup is needed', async () => {
      const { json } = await call('setup.status', { headers: { cookie: '' } })
      expect(json.result?.data.data).toEqual({ needed: false, token_valid: false })
    })
  })
})
