import { describe, expect, it, vi } from 'vitest'
import { MaiRustError } from './error.ts'
import { createRetryingFetch } from './retry.ts'

type Step = Response | Error | 'hang'

const GET = { method: 'GET' }
const POST = { method: 'POST', body: '{}' }
const KEYED = { ...POST, headers: { 'Idempotency-Key': 'k' } }

const fine = () => Response.json({ result: { data: 1 } })
const refusal = (status: number, headers: Record<string, string> = {}, data: object = {}) =>
  Response.json({ error: { message: 'No.', data } }, { status, headers })

/** A fetch that answers with these steps in turn, and records the pauses between them. */
const play = (steps: Step[], { retries = 3, timeoutMs = 60_000 } = {}) => {
  const pauses: number[] = []
  const fetch = vi.fn((_url: string, { signal }: RequestInit): Promise<Response> => {
    const step = steps.shift() ?? new Error('too many attempts')
    if (step instanceof Response) return Promise.resolve(step)
    if (step instanceof Error) return Promise.reject(step)
    return new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new DOMException('gone', 'AbortError')))
    })
  })
  const pause = (ms: number): Promise<void> => {
    pauses.push(ms)
    return Promise.resolve()
  }
  const send = createRetryingFetch({ fetch, retries, timeoutMs, pause })
  const fail = async (init: RequestInit): Promise<MaiRustError> => {
    const error: unknown = await send('http://x', init).catch((thrown: unknown) => thrown)
    if (!(error instanceof MaiRustError)) throw new Error('the call succeeded, or failed with another error')
    return error
  }
  return { send, fail, fetch, pauses }
}

describe('a call is retried', () => {
  it.each<[string, RequestInit, Step]>([
    ['after a broken connection', GET, new TypeError('fetch failed')],
    ['after 429', GET, refusal(429)],
    ['after 503', GET, refusal(503)],
    ['after a proxy’s 502', GET, new Response('<h1>Bad gateway</h1>', { status: 502 })],
    ['after a proxy’s 504', GET, new Response('', { status: 504 })],
    ['if it is a change with a key', KEYED, refusal(503)],
    [
      'while the server is still working on the previous attempt',
      KEYED,
      refusal(409, { 'retry-after': '1' }, { code: 'CONFLICT', details: [], request_id: null }),
    ],
  ])('%s', async (_when, init, step) => {
    const { send, fetch, pauses } = play([step, fine()])
    expect(await (await send('http://x', init)).json()).toEqual({ result: { data: 1 } })
    expect(fetch).toHaveBeenCalledTimes(2)
    expect(pauses).toHaveLength(1)
  })

  it('after a timeout', async () => {
    const { send, fetch } = play(['hang', fine()], { timeoutMs: 1 })
    await send('http://x', GET)
    expect(fetch).toHaveBeenCalledTimes(2)
  })

  it('no sooner than the server asks, and after growing pauses', async () => {
    const { send, pauses } = play([
      refusal(503, { 'retry-after': '7' }),
      refusal(503, { 'retry-after': new Date(Date.now() + 30_000).toUTCString() }),
      refusal(503),
      fine(),
    ])
    await send('http://x', GET)
    expect(pauses[0]).toBe(7000)
    expect(pauses[1]).toBeGreaterThan(20_000)
    expect(pauses[2]).toBeGreaterThanOrEqual(1000)
    expect(pauses[2]).toBeLessThanOrEqual(2000)
  })
})

describe('a call is not retried', () => {
  const conflict = { code: 'CONFLICT', details: [], request_id: null }
  it.each<[string, RequestInit, Step]>([
    ['if it is a change without a key', POST, refusal(503)],
    ['if it is a change without a key whose connection broke', POST, new TypeError('fetch failed')],
    ['after an error in the request', GET, refusal(422)],
    ['after a conflict', KEYED, refusal(409, {}, conflict)],
    ['after a conflict without a key', POST, refusal(409, { 'retry-after': '1' }, conflict)],
    ['after an internal error of the server', GET, refusal(500)],
    ['if the server asks for more than a minute', GET, refusal(429, { 'retry-after': '900' })],
    ['if the answer is not from MaiRust', GET, new Response('<h1>Welcome</h1>')],
  ])('%s', async (_when, init, step) => {
    const { fail, fetch } = play([step, fine()])
    await fail(init)
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  it('more often than `retries` allows', async () => {
    const { fail, fetch } = play([refusal(503), refusal(503), refusal(503)], { retries: 1 })
    expect((await fail(GET)).status).toBe(503)
    expect(fetch).toHaveBeenCalledTimes(2)
  })

  it('once the caller has aborted', async () => {
    const control = new AbortController()
    const { fail, fetch } = play(['hang', fine()])
    const failure = fail({ ...GET, signal: control.signal })
    control.abort()
    expect((await failure).code).toBe('ABORTED')
    expect(fetch).toHaveBeenCalledTimes(1)
  })
})

describe('an error tells', () => {
  it('what the server said', async () => {
    const data = { code: 'VALIDATION_ERROR', details: [{ field: 'name', reason: 'is required' }], request_id: 'req_1' }
    expect(await play([refusal(422, {}, data)]).fail(GET)).toMatchObject({
      name: 'MaiRustError',
      message: 'No.',
      code: 'VALIDATION_ERROR',
      status: 422,
      details: [{ field: 'name', reason: 'is required' }],
      requestId: 'req_1',
    })
  })

  it('how long to wait', async () => {
    const data = { code: 'RATE_LIMITED', details: [], request_id: 'req_1' }
    const step = refusal(429, { 'retry-after': '900' }, data)
    expect(await play([step]).fail(GET)).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 900 })
  })

  it('that there was no answer, or none from MaiRust', async () => {
    const broken = await play([new TypeError('fetch failed')], { retries: 0 }).fail(GET)
    expect(broken).toMatchObject({ code: 'CONNECTION_FAILED', status: undefined, cause: { message: 'fetch failed' } })
    expect(await play(['hang'], { retries: 0, timeoutMs: 1 }).fail(GET)).toMatchObject({ code: 'TIMED_OUT' })
    const page = new Response('<h1>Welcome</h1>', { headers: { 'x-request-id': 'of-the-proxy' } })
    expect(await play([page]).fail(GET)).toMatchObject({
      code: 'UNREADABLE_ANSWER',
      status: 200,
      requestId: 'of-the-proxy',
    })
    expect((await play([new Response('null', { status: 418 })]).fail(GET)).code).toBe('UNREADABLE_ANSWER')
  })
})
