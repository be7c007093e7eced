import { createServer, type Server } from 'node:https'
import type { RequestListener } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fetchStsPolicy, STS_FETCH_MS, type StsFetched } from '../src/delivery/sts-fetch.ts'
import { createStsPolicies, type StsMemory } from '../src/delivery/sts-policies.ts'
import { certificate, SOON, useDeliveryBench } from './support/delivery.ts'

const bench = useDeliveryBench()
const HOST = 'mta-sts.remote.test'
const policyOf = (mode = 'enforce', maxAge = 86_400) =>
  `version: STSv1\r\nmode: ${mode}\r\nmx: *.remote.test\r\nmax_age: ${maxAge}\r\n`
const VALID = { mode: 'enforce', mx: ['*.remote.test'], maxAgeSeconds: 86_400 }

let server: Server | null = null
let answer: RequestListener = (_, response) => response.end(policyOf())
let trust: string | undefined
const asked: string[] = []

async function serve(pair: { key: string; cert: string }): Promise<void> {
  server = createServer(pair, (request, response) => {
    asked.push(`${request.headers.host ?? ''}${request.url ?? ''}`)
    answer(request, response)
  })
  trust = pair.cert
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
}

function port(): number {
  const address = server?.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const fetchPolicy = (options: { allowPrivate?: boolean; timeoutMs?: number } = {}): Promise<StsFetched> =>
  fetchStsPolicy('remote.test', {
    resolver: bench().resolver,
    allowPrivate: true,
    trust,
    port: port(),
    timeoutMs: STS_FETCH_MS,
    ...options,
  })

beforeEach(async () => {
  asked.length = 0
  answer = (_, response) => response.end(policyOf())
  bench().record(`${HOST} A`, '127.0.0.1')
  await serve(await certificate(HOST))
})
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

describe('O23 a policy', () => {
  it('is fetched over HTTPS from the well-known place', async () => {
    expect(await fetchPolicy()).toEqual({ ok: true, policy: VALID })
    expect(asked).toEqual([`${HOST}/.well-known/mta-sts.txt`])
  })

  it.each([
    ['another name', () => certificate('remote.test')],
    ['an end in the past', () => certificate(HOST, { expired: true })],
  ])('is not taken from a server with a certificate that has %s', async (_, make) => {
    server?.close()
    await serve(await make())
    expect(await fetchPolicy()).toMatchObject({ ok: false, failure: 'sts-webpki-invalid' })
    expect(asked).toEqual([])
  })

  it('is not taken from a server that nobody trusts', async () => {
    trust = undefined
    expect(await fetchPolicy()).toMatchObject({ ok: false, failure: 'sts-webpki-invalid' })
  })

  it.each([301, 302, 307, 308])('is not looked for elsewhere (%i)', async (status) => {
    answer = (_, response) =>
      response.writeHead(status, { location: `https://${HOST}:${port()}/other` }).end(policyOf())
    expect(await fetchPolicy()).toMatchObject({ ok: false, failure: 'sts-policy-fetch-error' })
    expect(asked).toHaveLength(1)
  })

  it.each([404, 500, 204])('is none with status %i', async (status) => {
    answer = (_, response) => response.writeHead(status).end(policyOf())
    expect(await fetchPolicy()).toMatchObject({ ok: false, failure: 'sts-policy-fetch-error' })
  })

  it('of more than 64 KiB is not read to its end', async () => {
    answer = (_, response) => {
      const flood = (): void => {
        if (!response.destroyed) response.write('x: y\r\n'.repeat(2000), () => setImmediate(flood))
      }
      flood()
    }
    expect(await fetchPolicy()).toMatchObject({
      ok: false,
      failure: 'sts-policy-fetch-error',
      detail: 'the policy is too large',
    })
  })

  it('that does not come in time is none', async () => {
    answer = (_, response) => void response.write('version: STSv1\r\n')
    expect(await fetchPolicy({ timeoutMs: SOON * 5 })).toMatchObject({ ok: false, failure: 'sts-policy-fetch-error' })
  })

  it('that says something else is invalid', async () => {
    answer = (_, response) => response.end('hello')
    expect(await fetchPolicy()).toMatchObject({ ok: false, failure: 'sts-policy-invalid' })
  })

  it('is not fetched from an address that is not public', async () => {
    expect(await fetchPolicy({ allowPrivate: false })).toMatchObject({
      ok: false,
      detail: `no public address of ${HOST}`,
    })
    expect(asked).toEqual([])
  })

  it('is fetched from the next address when one does not answer', async () => {
    bench().record(`${HOST} A`, '127.0.0.77')
    bench().record(`${HOST} AAAA`, '100::1')
    expect(await fetchPolicy()).toMatchObject({ ok: true })
  })
})

describe('O23 policies of domains', () => {
  const start = Date.parse('2026-06-01T12:00:00Z')
  const setUp = (result: () => Promise<StsFetched> | StsFetched) => {
    const kept = new Map<string, StsMemory>()
    const state = { now: start, fetches: 0 }
    const find = createStsPolicies({
      resolver: bench().resolver,
      store: {
        get: (domain) => Promise.resolve(kept.get(domain) ?? { entry: null, failedAt: null }),
        set: (domain, memory) => Promise.resolve(void kept.set(domain, memory)),
      },
      fetch: () => {
        state.fetches += 1
        return Promise.resolve(result())
      },
      now: () => new Date(state.now),
    })
    return { find, state, kept }
  }
  const good: StsFetched = { ok: true, policy: { mode: 'enforce', mx: ['*.remote.test'], maxAgeSeconds: 604_800 } }
  const bad: StsFetched = { ok: false, failure: 'sts-policy-fetch-error', detail: 'down' }

  it('are none without a record, and nothing is fetched', async () => {
    const { find, state } = setUp(() => good)
    expect(await find('remote.test')).toEqual({ policy: null, failed: null })
    expect(await find('[192.0.2.1]')).toEqual({ policy: null, failed: null })
    expect(state.fetches).toBe(0)
  })

  it('are fetched once for many messages, and again after a day', async () => {
    bench().record('_mta-sts.remote.test TXT', 'v=STSv1; id=1;')
    const { find, state } = setUp(() => good)
    const all = await Promise.all(Array.from({ length: 20 }, () => find('remote.test')))
    expect(all.map(({ policy }) => policy?.mode)).toEqual(Array.from({ length: 20 }, () => 'enforce'))
    await find('remote.test')
    expect(state.fetches).toBe(1)
    state.now += 25 * 3_600_000
    await find('remote.test')
    expect(state.fetches).toBe(2)
  })

  it('hold although a fetch fails, until they end; then an hour passes between fetches', async () => {
    bench().record('_mta-sts.remote.test TXT', 'v=STSv1; id=1;')
    const answers = [good]
    const { find, state } = setUp(() => answers.shift() ?? bad)
    await find('remote.test')
    state.now += 25 * 3_600_000
    expect(await find('remote.test')).toMatchObject({ policy: { mode: 'enforce' }, failed: bad })
    expect(await find('remote.test')).toMatchObject({ policy: { mode: 'enforce' }, failed: null })
    expect(state.fetches).toBe(2)
    state.now += 8 * 24 * 3_600_000
    expect(await find('remote.test')).toEqual({ policy: null, failed: bad })
  })

  it('that never came are asked for again after an hour', async () => {
    bench().record('_mta-sts.remote.test TXT', 'v=STSv1; id=1;')
    const { find, state } = setUp(() => bad)
    expect(await find('remote.test')).toEqual({ policy: null, failed: bad })
    state.now += 3_599_999
    await find('remote.test')
    expect(state.fetches).toBe(1)
    state.now += 1
    await find('remote.test')
    expect(state.fetches).toBe(2)
  })
})
