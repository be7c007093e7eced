import { AUTHENTIC_DATA } from 'dns-packet'
import { afterEach, describe, expect, it } from 'vitest'
import { A, DnsBench } from './testing/bench.ts'
import { answerFrom, type DnsScript, record, soa } from './testing/index.ts'

const bench = new DnsBench()
afterEach(() => bench.close())

describe('answers', () => {
  it.each([
    ['A', '192.0.2.1', '192.0.2.1'],
    ['AAAA', '2001:db8::1', '2001:db8::1'],
    ['MX', { preference: 5, exchange: 'mx.x.example' }, { preference: 5, exchange: 'mx.x.example' }],
    ['MX', { preference: 0, exchange: '.' }, { preference: 0, exchange: '.' }],
    ['TXT', ['v=spf1 ', '-all'], ['v=spf1 ', '-all']],
    ['PTR', 'host.x.example', 'host.x.example'],
    ['NS', 'ns.x.example', 'ns.x.example'],
  ] as const)('%s %j are read', async (type, data, expected) => {
    const { resolver } = await bench.resolver(({ name }) => ({ answers: [record(name, type, data)] }))
    expect(await resolver.query('x.example', type)).toEqual({
      kind: 'found',
      records: [expected],
      ttl: 300,
      authenticated: false,
    })
  })

  it('TLSA is read', async () => {
    const data = { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from('ab', 'hex') }
    const { resolver } = await bench.resolver(({ name }) => ({ answers: [record(name, 'TLSA', data)] }))
    const answer = await resolver.query('_25._tcp.mx.example', 'TLSA')
    expect(answer).toMatchObject({ records: [{ usage: 3, certificate: Uint8Array.of(0xab) }] })
  })

  it('tell a name that does not exist from one without such records', async () => {
    const { resolver } = await bench.resolver(answerFrom({ 'x.example A': ['192.0.2.1'] }))
    expect(await resolver.query('x.example', 'MX')).toMatchObject({ kind: 'no_data', ttl: 60 })
    expect(await resolver.query('y.example', 'MX')).toMatchObject({ kind: 'no_such_name', ttl: 60 })
  })

  it.each(['a..example', `${'x'.repeat(64)}.example`, `${'x.'.repeat(130)}example`, '', '.', 'a\0b.example'])(
    'DNS is not asked for %j, which it cannot hold',
    async (name) => {
      const { resolver, queries } = await bench.resolver(answerFrom({}))
      expect(await resolver.query(name, 'A')).toMatchObject({ kind: 'no_such_name' })
      expect(queries).toEqual([])
    },
  )

  it('names are asked for as they are written, with any printable character', async () => {
    const { resolver, queries } = await bench.resolver(answerFrom({ 'a b$!"\\(.x.example A': ['192.0.2.1'] }))
    expect(await resolver.query('a b$!"\\(.x.example.', 'A')).toMatchObject({ records: ['192.0.2.1'] })
    expect(queries[0]?.name).toBe('a b$!"\\(.x.example')
  })

  it('are vouched for only by a validating resolver', async () => {
    const script: DnsScript = ({ name }) => ({ flags: AUTHENTIC_DATA, answers: [A(name, '192.0.2.1')] })
    const plain = await bench.resolver(script)
    expect(await plain.resolver.query('x.example', 'A')).toMatchObject({ authenticated: false })
    const validating = await bench.resolver(script, { validating: true })
    expect(await validating.resolver.query('x.example', 'A')).toMatchObject({ authenticated: true })
    expect(validating.queries[0]?.packet).toMatchObject({ flag_ad: true })
  })

  it('come without EDNS from a server that does not know it', async () => {
    const { resolver, queries } = await bench.resolver(({ name, edns }) =>
      edns ? { rcode: 1, questions: [] } : { answers: [A(name, '192.0.2.1')] },
    )
    expect(await resolver.query('x.example', 'A')).toMatchObject({ kind: 'found' })
    expect(queries.map(({ edns }) => edns)).toEqual([true, false])
  })
})

describe('aliases', () => {
  it('are followed within an answer, in any order and case', async () => {
    const { resolver, queries } = await bench.resolver(() => ({
      answers: [
        A('C.example', '192.0.2.1', 50),
        record('B.example', 'CNAME', 'c.example'),
        record('a.example', 'CNAME', 'b.example', 40),
      ],
    }))
    const expected = { kind: 'found', records: ['192.0.2.1'], ttl: 40, cname: 'c.example', authenticated: false }
    expect(await resolver.query('A.example', 'A')).toEqual(expected)
    expect(queries).toHaveLength(1)
  })

  it('are followed by further questions', async () => {
    const zones = {
      'a.example CNAME': ['b.example'],
      'b.example CNAME': ['c.example'],
      'c.example MX': [{ preference: 1, exchange: 'm' }],
    }
    const { resolver, queries } = await bench.resolver(answerFrom(zones))
    expect(await resolver.query('a.example', 'MX')).toMatchObject({ kind: 'found', cname: 'c.example' })
    expect(queries.map(({ name }) => name)).toEqual(['a.example', 'b.example', 'c.example'])
    expect(await resolver.query('a.example', 'CNAME')).toMatchObject({ records: ['b.example'] })
  })

  it('that lead nowhere end as what their target is', async () => {
    const { resolver } = await bench.resolver(
      answerFrom({
        'a.example CNAME': ['gone.example'],
        'b.example CNAME': ['c.example'],
        'c.example A': ['192.0.2.1'],
      }),
    )
    expect(await resolver.query('a.example', 'A')).toMatchObject({ kind: 'no_such_name', cname: 'gone.example' })
    expect(await resolver.query('b.example', 'TXT')).toMatchObject({ kind: 'no_data', cname: 'c.example' })
  })

  it.each<[string, DnsScript]>([
    [
      'one answer',
      () => ({
        answers: [record('a.example', 'CNAME', 'b.example'), record('b.example', 'CNAME', 'a.example')],
      }),
    ],
    ['several answers', ({ name }) => ({ answers: [record(name, 'CNAME', `x${name}`)] })],
  ])('without an end in %s are trouble, not an answer', async (_, script) => {
    const { resolver, queries } = await bench.resolver(script)
    expect(await resolver.query('a.example', 'A')).toEqual({ kind: 'temporary', cause: 'chain_too_long' })
    expect(queries.length).toBeLessThan(10)
  })

  it('records of other names in the answer are not taken', async () => {
    const { resolver } = await bench.resolver(({ name }) => ({
      answers: [A('bank.example', '192.0.2.66'), A(name, '192.0.2.1')],
    }))
    expect(await resolver.query('x.example', 'A')).toMatchObject({ records: ['192.0.2.1'] })
  })
})

describe('the cache', () => {
  it('keeps an answer for its time to live', async () => {
    const { resolver, clock, queries } = await bench.resolver(({ name }) => ({ answers: [A(name, '192.0.2.1', 100)] }))
    await resolver.query('x.example', 'A')
    clock.ms += 99_000
    expect(await resolver.query('X.Example.', 'A')).toMatchObject({ ttl: 1 })
    expect(queries).toHaveLength(1)
    clock.ms += 1000
    await resolver.query('x.example', 'A')
    expect(queries).toHaveLength(2)
  })

  it.each([
    [0, 5],
    [0xffffffff, 5],
    [0x7fffffff, 86_400],
  ])('bounds a time to live of %d seconds to %d', async (ttl, kept) => {
    const { resolver } = await bench.resolver(({ name }) => ({ answers: [A(name, '192.0.2.1', ttl)] }))
    expect(await resolver.query('x.example', 'A')).toMatchObject({ ttl: kept })
  })

  it.each([
    [{ ttl: 300, minimum: 60 }, 60],
    [{ ttl: 30, minimum: 600 }, 30],
    [{ ttl: 1_000_000, minimum: 1_000_000 }, 3600],
  ])('keeps negative answers as the SOA %j says (RFC 2308)', async (times, kept) => {
    const { resolver, clock, queries } = await bench.resolver(() => ({
      rcode: 3,
      authorities: [soa('example', times)],
    }))
    expect(await resolver.query('x.example', 'A')).toMatchObject({ kind: 'no_such_name', ttl: kept })
    clock.ms += kept * 1000 - 1
    await resolver.query('x.example', 'A')
    expect(queries).toHaveLength(1)
    clock.ms += 1
    await resolver.query('x.example', 'A')
    expect(queries).toHaveLength(2)
  })

  it('keeps no negative answer without an SOA of the zone', async () => {
    const { resolver, queries } = await bench.resolver(() => ({ rcode: 3, authorities: [soa('other.test')] }))
    await resolver.query('x.example', 'A')
    expect(await resolver.query('x.example', 'A')).toMatchObject({ kind: 'no_such_name', ttl: 0 })
    expect(queries).toHaveLength(2)
  })

  it('keeps trouble for a moment only', async () => {
    const { resolver, clock, queries } = await bench.resolver(() => ({ rcode: 2 }))
    expect(await resolver.query('x.example', 'A')).toEqual({ kind: 'temporary', cause: 'servfail' })
    const before = queries.length
    await resolver.query('x.example', 'A')
    expect(queries).toHaveLength(before)
    clock.ms += 5000
    await resolver.query('x.example', 'A')
    expect(queries.length).toBeGreaterThan(before)
  })

  it('asks once for what many want at the same time', async () => {
    const { resolver, queries } = await bench.resolver(answerFrom({ 'x.example A': ['192.0.2.1'] }))
    const answers = await Promise.all(Array.from({ length: 50 }, () => resolver.query('x.example', 'A')))
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['found']))
    expect(queries).toHaveLength(1)
  })

  it('holds a bounded number of entries and bytes', async () => {
    const script: DnsScript = ({ name }) => ({ answers: [record(name, 'TXT', ['x'.repeat(200)])] })
    for (const cache of [
      { entries: 3, bytes: 1_000_000 },
      { entries: 1000, bytes: 3000 },
    ]) {
      const { resolver, queries } = await bench.resolver(script, { limits: { cache } })
      for (let n = 0; n < 20; n += 1) await resolver.query(`n${n}.example`, 'TXT')
      for (let n = 19; n >= 0; n -= 1) await resolver.query(`n${n}.example`, 'TXT')
      expect(queries.length).toBeGreaterThanOrEqual(36)
      expect(queries.length).toBeLessThan(40)
    }
  })
})

describe('whoever asks', () => {
  it('may stop waiting, and the others still get the answer', async () => {
    let answer: () => unknown = () => null
    const { resolver } = await bench.resolver(
      ({ name }) => new Promise((resolve) => (answer = () => resolve({ answers: [A(name, '192.0.2.1')] }))),
    )
    const stop = new AbortController()
    const first = resolver.query('x.example', 'A', { signal: stop.signal })
    const second = resolver.query('x.example', 'A')
    stop.abort()
    expect(await first).toEqual({ kind: 'temporary', cause: 'cancelled' })
    await expect.poll(() => bench.open[0]?.queries.length).toBe(1)
    answer()
    expect(await second).toMatchObject({ kind: 'found' })
    expect(await resolver.query('y.example', 'A', { signal: stop.signal })).toMatchObject({ cause: 'cancelled' })
  })

  it('waits for a turn when many ask, and is told when too many wait', async () => {
    const held: (() => void)[] = []
    const { resolver, queries } = await bench.resolver(
      ({ name }) => new Promise((resolve) => held.push(() => resolve({ answers: [A(name, '192.0.2.1')] }))),
      { limits: { owners: { inFlight: 4, perName: 2, waiting: 1 } } },
    )
    const asked = ['a', 'b', 'c', 'd'].map((name) => resolver.query(`${name}.example`, 'A'))
    expect(await asked[3]).toEqual({ kind: 'temporary', cause: 'overloaded' })
    await expect.poll(() => queries.length).toBe(2)
    held.shift()?.()
    await expect.poll(() => queries.length).toBe(3)
    for (const answer of held) answer()
    expect((await Promise.all(asked.slice(0, 3))).map(({ kind }) => kind)).toEqual(['found', 'found', 'found'])
  })
})
