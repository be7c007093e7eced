import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failures } from '../failure.ts'
import type { Random } from '../random.ts'
import type { DnsAnswer, MxRecord } from './dns.ts'
import { type HostQuestion, mailHosts, namedHost } from './hosts.ts'

const found = (...records: [number, string][]): DnsAnswer<MxRecord> => ({
  kind: 'found',
  records: records.map(([preference, exchange]) => ({ preference, exchange })),
})
const ask = (mx: DnsAnswer<MxRecord>, rest: Partial<HostQuestion> = {}) =>
  mailHosts({ domain: 'example.com', mx, ownHosts: ['mail.example.net'], random: () => 0, ...rest })
const names = (mx: DnsAnswer<MxRecord>, rest: Partial<HostQuestion> = {}) => {
  const decision = ask(mx, rest)
  return decision.kind === 'hosts' ? decision.hosts.map(({ name }) => name) : decision.failure
}

describe('the mail servers of a domain', () => {
  it('O1 are sorted by preference, equal ones in random order', () => {
    const mx = found([20, 'c.example.'], [10, 'a.example'], [10, 'b.example'])
    const orders = new Set([0, 0.99].map((value) => JSON.stringify(names(mx, { random: () => value }))))
    expect(orders).toEqual(new Set(['["a.example","b.example","c.example"]', '["b.example","a.example","c.example"]']))
  })

  it('O1 gives equal ones the first place equally often', () => {
    let seed = 1
    // A plain linear congruential generator, so that the test has the same numbers each time.
    const random: Random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    const mx = found([1, 'a'], [1, 'b'], [1, 'c'], [1, 'd'])
    const first = Array.from({ length: 4000 }, () => names(mx, { random })).map(
      (list) => Array.isArray(list) && list[0],
    )
    for (const host of ['a', 'b', 'c', 'd']) {
      const share = first.filter((name) => name === host).length
      expect(share).toBeGreaterThan(880)
      expect(share).toBeLessThan(1120)
    }
  })

  it('O1 are each named once, at the best preference and in lower case', () => {
    expect(names(found([20, 'A.example'], [10, 'a.example.'], [15, 'b.example']))).toEqual(['a.example', 'b.example'])
  })

  it('O2 are the domain itself without an MX', () => {
    expect(ask({ kind: 'no_data' })).toEqual({
      kind: 'hosts',
      hosts: [{ name: 'example.com', preference: 0 }],
      implicit: true,
    })
  })

  it('O3 do not exist with a null MX: 556 5.1.10', () => {
    expect(names(found([0, '.']))).toBe(failures.nullMx)
    expect(names(found([10, '']))).toBe(failures.nullMx)
    expect(failures.nullMx.reply).toMatchObject({ code: 556, enhanced: '5.1.10' })
  })

  it('O3 are the named ones when an empty name stands beside them (RFC 7505 §3)', () => {
    expect(names(found([0, '.'], [10, 'a.example']))).toEqual(['a.example'])
  })

  it('O4 do not exist for good with NXDOMAIN, and are unknown for now without an answer', () => {
    expect(names({ kind: 'no_such_name' })).toBe(failures.noSuchDomain)
    expect(failures.noSuchDomain.reply).toMatchObject({ code: 550, enhanced: '5.1.2' })
    expect(names({ kind: 'temporary', cause: 'servfail' })).toBe(failures.dnsTrouble)
    expect(failures.dnsTrouble.reply).toMatchObject({ code: 451, enhanced: '4.4.3' })
  })

  it('O5 leave out this server and whatever is not preferred to it', () => {
    const mx = found([5, 'a.example'], [10, 'Mail.Example.Net'], [10, 'b.example'], [20, 'c.example'])
    expect(names(mx)).toEqual(['a.example'])
    expect(names(found([10, 'mail.example.net'], [20, 'c.example']))).toBe(failures.loop)
    expect(names({ kind: 'no_data' }, { domain: 'mail.example.net' })).toBe(failures.loop)
    expect(failures.loop.reply.enhanced).toBe('5.4.6')
  })

  it('O5 never contain this server, whatever the records', () => {
    const record = fc.tuple(fc.nat({ max: 3 }), fc.constantFrom('a', 'b', 'c', 'me', 'me.', 'ME', '.'))
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (records) => {
        const decision = ask(found(...records), { ownHosts: ['me'] })
        const own = Math.min(...records.filter(([, name]) => /^me\.?$/i.test(name)).map(([preference]) => preference))
        if (decision.kind === 'failed') return
        expect(decision.hosts.length).toBeGreaterThan(0)
        for (const { name, preference } of decision.hosts) {
          expect(name).not.toBe('me')
          expect(preference).toBeLessThan(own)
        }
      }),
    )
  })

  it('are the 20 most preferred of a long list', () => {
    const many = Array.from({ length: 300 }, (_, index): [number, string] => [index, `mx${index}.example`])
    expect(names(found(...many))).toHaveLength(20)
    expect(names(found(...many, [250, 'mail.example.net']))).toHaveLength(20)
  })

  it('are the named one on a route', () => {
    expect(namedHost('Relay.Example.')).toMatchObject({ hosts: [{ name: 'relay.example' }], implicit: false })
  })
})
