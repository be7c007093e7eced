import { afterEach, describe, expect, it } from 'vitest'
import { A, DnsBench } from './testing/bench.ts'
import type { DnsScript } from './testing/index.ts'

const bench = new DnsBench()
afterEach(() => bench.close())

/** Answers everything but what is below `silent.example`. */
const script: DnsScript = ({ name }) =>
  name.toLowerCase().endsWith('silent.example') ? null : { answers: [A(name, '192.0.2.1')] }
const names = (count: number, below = 'silent.example') => Array.from({ length: count }, (_, n) => `n${n}.${below}`)
const WIDE = { inFlight: 100, perName: 100, waiting: 1000 }

describe('an owner', () => {
  it('with any number of silent names leaves turns to the others', async () => {
    const owners = { inFlight: 4, perName: 2, waiting: 1000 }
    const { resolver, queries } = await bench.resolver(script, { limits: { owners } })
    const stop = new AbortController()
    const attack = names(100).map((name) => resolver.query(name, 'TXT', { owner: 'a', signal: stop.signal }))
    for (const name of names(20, 'x.example')) {
      expect(await resolver.query(name, 'A', { owner: name })).toMatchObject({ kind: 'found' })
    }
    expect(queries.filter(({ name }) => name.endsWith('silent.example'))).toHaveLength(2)
    stop.abort()
    await Promise.all(attack)
  })

  it('is told when too many of its questions wait, while others may still ask', async () => {
    const owners = { inFlight: 2, perName: 1, waiting: 1 }
    const { resolver } = await bench.resolver(script, { limits: { owners } })
    const stop = new AbortController()
    const attack = names(3).map((name) => resolver.query(name, 'TXT', { owner: 'a', signal: stop.signal }))
    expect(await attack[2]).toEqual({ kind: 'temporary', cause: 'overloaded' })
    expect(await resolver.query('x.example', 'A', { owner: 'b' })).toMatchObject({ kind: 'found' })
    stop.abort()
    await Promise.all(attack)
  })

  it('does not wait for another one’s turn to learn what both want to know', async () => {
    const owners = { inFlight: 2, perName: 1, waiting: 1000 }
    const { resolver } = await bench.resolver(script, { limits: { owners } })
    const stop = new AbortController()
    const attack = [...names(10), 'x.example'].map((name) =>
      resolver.query(name, 'A', { owner: 'a', signal: stop.signal }),
    )
    expect(await resolver.query('x.example', 'A', { owner: 'b' })).toMatchObject({ kind: 'found' })
    expect(await attack.at(-1)).toMatchObject({ kind: 'found' })
    stop.abort()
    await Promise.all(attack)
  })
})

describe('a question that nobody waits for any more', () => {
  it('is not asked, and frees its turn when it was', async () => {
    const owners = { inFlight: 1, perName: 1, waiting: 1000 }
    const { resolver, queries } = await bench.resolver(script, { limits: { owners } })
    const stop = new AbortController()
    const attack = names(50).map((name) => resolver.query(name, 'TXT', { signal: stop.signal }))
    await expect.poll(() => queries.length).toBe(1)
    stop.abort()
    expect((await Promise.all(attack)).every((answer) => answer.kind === 'temporary')).toBe(true)
    expect(await resolver.query('x.example', 'A')).toMatchObject({ kind: 'found' })
    expect(queries.map(({ name }) => name)).toEqual(['n0.silent.example', 'x.example'])
  })

  it('is asked again for whoever comes later', async () => {
    let isSilent = true
    const { resolver } = await bench.resolver(({ name }) => (isSilent ? null : { answers: [A(name, '192.0.2.1')] }))
    const stop = new AbortController()
    const first = resolver.query('x.example', 'A', { signal: stop.signal })
    stop.abort()
    await first
    isSilent = false
    expect(await resolver.query('x.example', 'A')).toMatchObject({ kind: 'found' })
  })
})

describe('a domain whose name servers are silent', () => {
  const limits = { owners: { ...WIDE, inFlight: 10 }, silent: { inFlight: 2, perName: 2, waiting: 5 } }

  it('takes no turns from others, whoever asks, and is remembered for a while', async () => {
    const { resolver, clock, queries } = await bench.resolver(script, { limits, timeoutMs: 50 })
    await Promise.all(names(4).map((name) => resolver.query(name, 'TXT')))
    const before = queries.length
    const stop = new AbortController()
    const more = names(40, 'more.silent.example').map((name) =>
      resolver.query(name, 'TXT', { owner: name, signal: stop.signal }),
    )
    // Two are asked and five wait; the others are as silent as those before.
    expect(await Promise.all(more.slice(7))).toEqual(more.slice(7).map(() => ({ kind: 'temporary', cause: 'timeout' })))
    expect(queries.length - before).toBeLessThanOrEqual(2)
    expect(await resolver.query('x.example', 'A')).toMatchObject({ kind: 'found' })
    stop.abort()
    await Promise.all(more)
    clock.ms += 30_000
    const later = await Promise.all(names(10, 'later.silent.example').map((name) => resolver.query(name, 'TXT')))
    expect(later).toHaveLength(10)
    expect(queries.filter(({ name }) => name.endsWith('later.silent.example'))).toHaveLength(20)
  })

  it('is forgotten as soon as anything below it is answered', async () => {
    let isSilent = true
    const { resolver } = await bench.resolver(({ name }) => (isSilent ? null : { answers: [A(name, '192.0.2.1')] }), {
      limits,
      timeoutMs: 50,
    })
    await Promise.all(names(4).map((name) => resolver.query(name, 'A')))
    isSilent = false
    expect(await resolver.query('a.silent.example', 'A')).toMatchObject({ kind: 'found' })
    const all = await Promise.all(names(40, 'more.silent.example').map((name) => resolver.query(name, 'A')))
    expect(all.every(({ kind }) => kind === 'found')).toBe(true)
  })

  it('says nothing about its neighbours', async () => {
    const { resolver } = await bench.resolver(script, { limits, timeoutMs: 50 })
    await Promise.all(names(40).map((name) => resolver.query(name, 'TXT')))
    const all = await Promise.all(names(10, 'fine.example').map((name) => resolver.query(name, 'A')))
    expect(all.every(({ kind }) => kind === 'found')).toBe(true)
  })
})
