import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPublicAddress } from '../../ip/index.ts'
import { failures } from '../failure.ts'
import { type AddressQuestion, type HostAddresses, planAddresses } from './addresses.ts'
import type { DnsAnswer } from './dns.ts'
import { MAX_ADDRESSES, type RouteFamily } from './families.ts'
import { planLiteral } from './literal.ts'

const found = (...records: string[]): DnsAnswer<string> => ({ kind: 'found', records })
const none: DnsAnswer<string> = { kind: 'no_data' }
const trouble: DnsAnswer<string> = { kind: 'temporary', cause: 'timeout' }
const host = (a: DnsAnswer<string> | null, aaaa: DnsAnswer<string> | null = none): HostAddresses => ({ a, aaaa })

/** Hosts in order, each less preferred than the one before. */
const question = (answers: Record<string, HostAddresses>, rest: Partial<AddressQuestion> = {}): AddressQuestion => ({
  hosts: Object.keys(answers).map((name, preference) => ({ name, preference })),
  implicit: false,
  answers: new Map(Object.entries(answers)),
  family: 'both',
  allowPrivate: false,
  ownAddresses: ['198.51.100.1', '8.8.4.4'],
  ...rest,
})
const plan = (answers: Record<string, HostAddresses>, rest: Partial<AddressQuestion> = {}) => {
  const decision = planAddresses(question(answers, rest))
  return decision.kind === 'plan' ? decision.addresses.map(({ address }) => address) : decision.failure
}
const notes = (answers: Record<string, HostAddresses>, rest: Partial<AddressQuestion> = {}) =>
  planAddresses(question(answers, rest)).notes.map((note) => `${note.host} ${note.kind} ${note.detail}`)

const V6 = ['2a00:1450::1', '2a00:1450::2', '2a00:1450::3', '2a00:1450::4', '2a00:1450::5', '2a00:1450::6']
const V4 = ['9.0.0.1', '9.0.0.2', '9.0.0.3', '9.0.0.4', '9.0.0.5', '9.0.0.6']

describe('a plan of addresses', () => {
  it('O1 has the A and AAAA of all hosts, host by host, each once', () => {
    expect(
      plan({
        a: host(found('9.0.0.1'), found('2a00:1450::1')),
        b: host(found('9.0.0.2', '9.0.0.1')),
      }),
    ).toEqual(['2a00:1450::1', '9.0.0.1', '9.0.0.2'])
  })

  it.each<[RouteFamily, string[]]>([
    ['v4', ['9.0.0.1', '9.0.0.2']],
    ['v6', ['2a00:1450::1', '2a00:1450::2']],
    ['both', ['2a00:1450::1', '9.0.0.1', '2a00:1450::2', '9.0.0.2']],
    ['v4_first', ['9.0.0.1', '9.0.0.2', '2a00:1450::1', '2a00:1450::2']],
  ])('O7 on a %s route is %j', (family, addresses) => {
    expect(plan({ a: host(found(...V4.slice(0, 2)), found(...V6.slice(0, 2))) }, { family })).toEqual(addresses)
  })

  it('O7 defers when only the other family has addresses', () => {
    expect(plan({ a: host(null, found('2a00:1450::1')) }, { family: 'v4' })).toBe(failures.otherFamily)
  })

  it('O8 has at most five addresses, and the last for the other family when all would be of one', () => {
    expect(plan({ a: host(found(...V4)) })).toEqual(V4.slice(0, 5))
    expect(plan({ a: host(none, found(...V6)), b: host(found(...V4)) })).toEqual([...V6.slice(0, 4), '9.0.0.1'])
    expect(notes({ a: host(found(...V4)) })).toEqual(['a left_out 9.0.0.6'])
  })

  it('O2 follows an MX that is an alias, and notes it', () => {
    const a: DnsAnswer<string> = { kind: 'found', records: ['9.0.0.1'], cname: 'real.example' }
    expect(plan({ a: host(a) })).toEqual(['9.0.0.1'])
    expect(notes({ a: host(a) })).toEqual(['a alias real.example'])
  })

  it('O4 defers on DNS trouble and bounces without addresses', () => {
    expect(plan({ a: host(trouble) })).toBe(failures.dnsTrouble)
    expect(plan({ a: host(none), b: host(none, trouble) })).toBe(failures.dnsTrouble)
    expect(plan({ a: host(none) })).toBe(failures.noAddress)
    expect(plan({ a: host({ kind: 'no_such_name' }) }, { implicit: true })).toBe(failures.noMailHost)
    expect(plan({ a: host(found('9.0.0.1'), trouble) })).toEqual(['9.0.0.1'])
    expect(notes({ a: host(found('9.0.0.1'), trouble), b: host(none) })).toEqual([
      'a lookup_failed timeout',
      'b no_address ',
    ])
  })

  it('O4 defers when a host was never looked up', () => {
    expect(planAddresses({ ...question({}), hosts: [{ name: 'a', preference: 0 }] })).toMatchObject({
      failure: failures.dnsTrouble,
    })
  })

  it('O5 leaves out hosts with an address of this server and what is not preferred to them', () => {
    const answers = { a: host(found('9.0.0.1')), b: host(found('::ffff:8.8.4.4')), c: host(found('9.0.0.3')) }
    expect(plan(answers)).toEqual(['9.0.0.1'])
    expect(notes(answers)).toEqual(['b own_address 8.8.4.4'])
    expect(plan({ b: host(found('8.8.4.4')), c: host(found('9.0.0.3')) })).toBe(failures.loop)
  })

  it('O6 has no private address unless allowed', () => {
    const answers = { a: host(found('10.0.0.1', '9.0.0.1'), found('::1', '64:ff9b::a00:1')) }
    expect(plan(answers)).toEqual(['9.0.0.1'])
    expect(notes(answers)).toContain('a forbidden_address 10.0.0.1')
    expect(plan({ a: host(found('127.0.0.1')) })).toBe(failures.forbiddenAddress)
    expect(plan({ a: host(found('127.0.0.1')) }, { allowPrivate: true })).toEqual(['127.0.0.1'])
  })

  it('O6 O8 never contains a private address, one of ours, one twice or more than five', () => {
    const answer = (ip: fc.Arbitrary<string>): fc.Arbitrary<DnsAnswer<string>> =>
      fc.oneof(
        fc.array(ip, { maxLength: 6 }).map((records) => found(...records)),
        fc.constantFrom(none, trouble),
      )
    const someV4 = fc.oneof(
      fc.ipV4(),
      fc.constantFrom('10.0.0.1', '127.0.0.1', '0.0.0.0', '100.64.0.1', '8.8.4.4', ...V4),
    )
    const someV6 = fc.oneof(fc.ipV6(), fc.constantFrom('::1', '::ffff:10.0.0.1', '64:ff9b::7f00:1', 'fe80::1', ...V6))
    const answers = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.record({ a: answer(someV4), aaaa: answer(someV6) }),
    )
    const family = fc.constantFrom<RouteFamily>('v4', 'v6', 'both', 'v4_first')
    fc.assert(
      fc.property(answers, family, (hosts, route) => {
        const decision = planAddresses(question({ ...hosts }, { family: route }))
        if (decision.kind === 'failed') return
        const addresses = decision.addresses.map(({ address }) => address)
        expect(addresses.length).toBeLessThanOrEqual(MAX_ADDRESSES)
        expect(new Set(addresses).size).toBe(addresses.length)
        for (const each of decision.addresses) {
          expect(isPublicAddress(each.address)).toBe(true)
          expect(each.address).not.toBe('8.8.4.4')
          if (route === 'v4' || route === 'v6') expect(`v${each.family}`).toBe(route)
        }
      }),
    )
  })
})

describe('an address literal', () => {
  const literal = (domain: string, allowPrivate = false) =>
    planLiteral({ domain, allowPrivate, ownAddresses: ['8.8.4.4'] })

  it('is a plan of one address', () => {
    expect(literal('[9.0.0.1]')).toMatchObject({ addresses: [{ address: '9.0.0.1', family: 4, host: '[9.0.0.1]' }] })
    expect(literal('[IPv6:2a00:1450::1]')).toMatchObject({ addresses: [{ address: '2a00:1450::1', family: 6 }] })
  })

  it('O6 is refused when private, and O5 when ours', () => {
    expect(literal('[127.0.0.1]')).toMatchObject({ failure: failures.badLiteral })
    expect(literal('[IPv6:::ffff:10.0.0.1]')).toMatchObject({ failure: failures.badLiteral })
    expect(literal('[127.0.0.1]', true)).toMatchObject({ addresses: [{ address: '127.0.0.1' }] })
    expect(literal('[8.8.4.4]')).toMatchObject({ failure: failures.loop })
    expect(literal('[nonsense]')).toMatchObject({ failure: failures.badLiteral })
  })
})
