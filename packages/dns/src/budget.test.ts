import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Answer, LookupError, openLookups, type RecordType, type Resolver } from './index.ts'

const resolverOf = (answer: (name: string, type: RecordType) => unknown): Resolver => ({
  query: (name, type, { signal } = {}) =>
    new Promise((resolve) => {
      signal?.addEventListener('abort', () => resolve({ kind: 'temporary', cause: 'cancelled' }))
      const known = answer(name, type)
      if (known !== undefined) resolve(known as Answer<typeof type>)
    }),
})
const found = (...records: unknown[]) => ({ kind: 'found', records, ttl: 1, authenticated: false })
async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'found'
  } catch (error) {
    return error instanceof LookupError ? error.code : String(error)
  }
}

afterEach(() => vi.useRealTimers())

it('look-ups end when the caller’s time is over', async () => {
  vi.useFakeTimers()
  const { spf, dkim, dmarc } = openLookups(
    resolverOf(() => undefined),
    3000,
  )
  const codes = Promise.all([spf, dkim, dmarc].map((lookup) => codeOf(lookup('x.example', 'TXT'))))
  await vi.advanceTimersByTimeAsync(3000)
  expect(await codes).toEqual(['ETIMEOUT', 'ETIMEOUT', 'ETIMEOUT'])
})

describe('look-ups in the form of Node', () => {
  it.each([
    ['TXT', [['a', 'b'], ['c']], [['a', 'b'], ['c']]],
    ['A', ['192.0.2.1'], ['192.0.2.1']],
    ['AAAA', ['2001:db8::1'], ['2001:db8::1']],
    ['PTR', ['x.example'], ['x.example']],
    ['CNAME', ['x.example'], ['x.example']],
    ['MX', [{ preference: 3, exchange: 'm.example' }], [{ priority: 3, exchange: 'm.example' }]],
  ])('%s', async (type, records, expected) => {
    const { spf } = openLookups(resolverOf(() => found(...records)))
    expect(await spf('x.example', type)).toEqual(expected)
  })

  it.each([
    [{ kind: 'no_such_name' }, 'ENOTFOUND'],
    [{ kind: 'no_data' }, 'ENODATA'],
    [{ kind: 'temporary', cause: 'timeout' }, 'ETIMEOUT'],
    [{ kind: 'temporary', cause: 'servfail' }, 'ESERVFAIL'],
    [{ kind: 'temporary', cause: 'refused' }, 'EREFUSED'],
    [{ kind: 'temporary', cause: 'network' }, 'EREFUSED'],
    [{ kind: 'temporary', cause: 'malformed' }, 'EBADRESP'],
    [{ kind: 'temporary', cause: 'overloaded' }, 'ESERVFAIL'],
    [{ kind: 'temporary', cause: 'chain_too_long' }, 'ESERVFAIL'],
  ])('%j is %s', async (answer, code) => {
    const { dkim } = openLookups(resolverOf(() => answer))
    expect(await codeOf(dkim('x.example', 'TXT'))).toBe(code)
  })

  it('a name that DNS cannot hold, and a type that is not asked for', async () => {
    const { dmarc } = openLookups(resolverOf(() => found()))
    expect(await codeOf(dmarc('a..example', 'TXT'))).toBe('EBADNAME')
    expect(await codeOf(dmarc('x.example', '__proto__'))).toBe('EBADRESP')
  })

  it('gives every caller records of its own', async () => {
    const records = Object.freeze([Object.freeze(['a'])])
    const { spf } = openLookups(resolverOf(() => ({ kind: 'found', records, ttl: 1, authenticated: false })))
    const first = await spf('x.example', 'TXT')
    first.pop()
    expect(await spf('x.example', 'TXT')).toEqual([['a']])
  })
})

describe('the budget of a message', () => {
  it('ends after 64 questions with trouble, not with an answer', async () => {
    const lookups = openLookups(resolverOf(() => ({ kind: 'no_such_name' })))
    const codes = []
    for (let n = 0; n < 80; n += 1) codes.push(await codeOf(lookups.dmarc(`n${n}.example`, 'TXT')))
    expect(codes.lastIndexOf('ENOTFOUND')).toBe(63)
    expect(codes.indexOf('ESERVFAIL')).toBe(64)
    expect(lookups.asked()).toBe(64)
  })

  it('lets neither SPF nor signatures use up what DMARC needs', async () => {
    const lookups = openLookups(resolverOf(() => ({ kind: 'no_such_name' })))
    const spend = async (check: (name: string, type: string) => Promise<unknown>) => {
      let spent = 0
      while ((await codeOf(check('x.example', 'TXT'))) === 'ENOTFOUND') spent += 1
      return spent
    }
    expect([await spend(lookups.spf), await spend(lookups.dkim), await spend(lookups.dmarc)]).toEqual([38, 10, 16])
  })

  it.each([
    ['spf', 20_000],
    ['dkim', 5_000],
    ['dmarc', 5_000],
  ] as const)('gives %s %d ms from its first question, however many follow', async (check, ms) => {
    vi.useFakeTimers()
    const lookups = openLookups(resolverOf((name) => (name === 'quick.example' ? found('192.0.2.1') : undefined)))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await codeOf(lookups[check]('quick.example', 'A'))).toBe('found')
    await vi.advanceTimersByTimeAsync(ms - 1)
    const codes: unknown[] = []
    void codeOf(lookups[check]('slow.example', 'A')).then((code) => codes.push(code))
    await vi.advanceTimersByTimeAsync(0)
    expect(codes).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(codes).toEqual(['ETIMEOUT'])
  })

  it('ends what waits when it is closed', async () => {
    const lookups = openLookups(resolverOf(() => undefined))
    const code = codeOf(lookups.spf('x.example', 'A'))
    lookups.close()
    expect(await code).toBe('ETIMEOUT')
  })
})
