import { AUTHORITATIVE_ANSWER, encode, TRUNCATED_RESPONSE } from 'dns-packet'
import { afterEach, describe, expect, it } from 'vitest'
import { createResolver } from './index.ts'
import { A, DnsBench } from './testing/bench.ts'
import { answerFrom, type DnsScript, record, soa, startDnsServer } from './testing/index.ts'

const bench = new DnsBench()
afterEach(() => bench.close())

describe('a name server in trouble', () => {
  const forms: readonly (readonly [string, DnsScript, string])[] = [
    ['drops', () => null, 'timeout'],
    ['fails', () => ({ rcode: 2 }), 'servfail'],
    ['refuses', () => ({ rcode: 5 }), 'refused'],
    ['answers with an unknown code', () => ({ rcode: 9 }), 'servfail'],
    ['answers with a wrong id', ({ id }) => ({ id: id ^ 1, rcode: 3 }), 'timeout'],
    [
      'answers another question',
      () => ({ rcode: 3, questions: [{ type: 'A', name: 'y.example', class: 'IN' }] }),
      'timeout',
    ],
    [
      'answers about another type',
      ({ name }) => ({ rcode: 3, questions: [{ type: 'MX', name, class: 'IN' }] }),
      'timeout',
    ],
    [
      'answers two questions',
      ({ name }) => ({
        rcode: 3,
        questions: [
          { type: 'A', name, class: 'IN' },
          { type: 'A', name: 'y', class: 'IN' },
        ],
      }),
      'timeout',
    ],
    ['says that no name exists, without a question', () => ({ rcode: 3, questions: [] }), 'timeout'],
    ['repeats the query', ({ packet }) => encode({ ...packet, type: 'query' }), 'timeout'],
    ['sends garbage', () => Buffer.from('garbage that is longer than a header'), 'timeout'],
    ['sends too little', () => Buffer.from([1, 2, 3]), 'timeout'],
    [
      'sends a broken answer',
      ({ id }) => Buffer.concat([Buffer.from([id >> 8, id & 255, 0x80, 3, 0, 9, 0, 9]), Buffer.alloc(6)]),
      'malformed',
    ],
    ['refers to others', () => ({ authorities: [record('example', 'NS', 'ns.example')] }), 'malformed'],
    ['truncates over TCP too', () => ({ flags: TRUNCATED_RESPONSE, rcode: 3 }), 'malformed'],
    [
      'truncates, and closes TCP',
      ({ transport }) => (transport === 'udp' ? { flags: TRUNCATED_RESPONSE } : null),
      'network',
    ],
    [
      'truncates, and answers another question over TCP',
      ({ transport }) =>
        transport === 'udp'
          ? { flags: TRUNCATED_RESPONSE }
          : { rcode: 3, questions: [{ type: 'A', name: 'y', class: 'IN' }] },
      'malformed',
    ],
    [
      'ends the answer early',
      ({ name, id, packet }) =>
        encode({ type: 'response', id, questions: packet.questions, answers: [A(name, '192.0.2.1')] }).subarray(0, -3),
      'malformed',
    ],
  ]

  it.each(forms)('that %s is never believed', async (_, script, cause) => {
    const { resolver } = await bench.resolver(script, { timeoutMs: 150 })
    expect(await resolver.query('x.example', 'A')).toEqual({ kind: 'temporary', cause })
  })

  it.each(forms)('that %s hides no other that answers', async (_, script) => {
    const broken = await bench.server(script)
    const { resolver } = await bench.resolver(({ name }) => ({ answers: [A(name, '192.0.2.1')] }))
    const good = bench.open.at(-1)?.address ?? ''
    const both = createResolver({ servers: [broken.address, good], timeoutMs: 400 })
    expect(await both.query('x.example', 'A')).toMatchObject({ records: ['192.0.2.1'] })
    expect(await resolver.query('x.example', 'A')).toMatchObject({ records: ['192.0.2.1'] })
    // From then on the one that answers is asked first.
    const before = broken.queries.length
    await both.query('other.example', 'A')
    expect(broken.queries).toHaveLength(before)
  })

  it('is asked twice', async () => {
    const { resolver } = await bench.resolver(
      (query) => (queries() === 1 ? null : { answers: [A(query.name, '192.0.2.1')] }),
      {
        timeoutMs: 60,
      },
    )
    const queries = () => bench.open.at(-1)?.queries.length ?? 0
    expect(await resolver.query('x.example', 'A')).toMatchObject({ kind: 'found' })
    expect(queries()).toBe(2)
  })

  it('that does not run at all is trouble', async () => {
    const gone = await startDnsServer(() => null)
    await gone.close()
    const resolver = createResolver({ servers: [gone.address], timeoutMs: 5000 })
    expect(await resolver.query('x.example', 'A')).toEqual({ kind: 'temporary', cause: 'network' })
  })

  it('answers too late: the answer is lost, and the next question gets its own', async () => {
    const late: (() => void)[] = []
    const { resolver, clock } = await bench.resolver(
      ({ name }) =>
        name === 'late.example'
          ? new Promise((resolve) => late.push(() => resolve({ rcode: 3, authorities: [soa('example')] })))
          : { answers: [A(name, '192.0.2.1')] },
      { timeoutMs: 150 },
    )
    expect(await resolver.query('late.example', 'A')).toEqual({ kind: 'temporary', cause: 'timeout' })
    for (const send of late) send()
    expect(await resolver.query('x.example', 'A')).toMatchObject({ kind: 'found' })
    clock.ms += 5000
    expect(await resolver.query('late.example', 'A')).toEqual({ kind: 'temporary', cause: 'timeout' })
  })
})

describe('forged answers', () => {
  it('do not keep the real one from being read', async () => {
    const { resolver } = await bench.resolver(({ name, id }) => [
      { id: id ^ 1, rcode: 3 },
      { rcode: 3, questions: [{ type: 'A', name: 'bank.example', class: 'IN' }] },
      { flags: AUTHORITATIVE_ANSWER, answers: [A(name, '192.0.2.1')] },
    ])
    expect(await resolver.query('x.example', 'A')).toMatchObject({ records: ['192.0.2.1'] })
  })

  it('in great number are a reason to ask over TCP', async () => {
    const { resolver, queries } = await bench.resolver(({ name, id, transport }) =>
      transport === 'udp'
        ? Array.from({ length: 20 }, (_, n) => ({ id: (id + n + 1) & 0xffff, answers: [A(name, '192.0.2.66')] }))
        : { answers: [A(name, '192.0.2.1')] },
    )
    expect(await resolver.query('x.example', 'A')).toMatchObject({ records: ['192.0.2.1'] })
    expect(queries.map(({ transport }) => transport)).toEqual(['udp', 'tcp'])
  })

  it('from another source never arrive', async () => {
    const { resolver } = await bench.resolver(async ({ id, name }) => {
      const forged = encode({
        type: 'response',
        id,
        questions: [{ type: 'A', name, class: 'IN' }],
        answers: [A(name, '192.0.2.66')],
      })
      await bench.open[0]?.sendFromElsewhere(forged)
      return { answers: [A(name, '192.0.2.1')] }
    })
    expect(await resolver.query('x.example', 'A')).toMatchObject({ records: ['192.0.2.1'] })
  })

  it('must guess an id and a port that change with every query', async () => {
    const { resolver, queries } = await bench.resolver(answerFrom({}))
    for (let n = 0; n < 20; n += 1) await resolver.query(`n${n}.example`, 'A')
    expect(new Set(queries.map(({ id }) => id)).size).toBeGreaterThan(15)
    expect(new Set(queries.map(({ clientPort }) => clientPort)).size).toBeGreaterThan(15)
  })
})

it('a truncated answer is fetched over TCP', async () => {
  const many = Array.from({ length: 300 }, (_, n) => `192.0.2.${n % 256}`)
  const { resolver, queries } = await bench.resolver(({ name, transport }) =>
    transport === 'udp' ? { flags: TRUNCATED_RESPONSE } : { answers: many.map((address) => A(name, address)) },
  )
  expect(await resolver.query('x.example', 'A')).toMatchObject({ records: many })
  expect(queries.map(({ transport }) => transport)).toEqual(['udp', 'tcp'])
})
