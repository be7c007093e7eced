import { describe, expect, it } from 'vitest'
import { type Way, wayToRoute } from '../src/delivery/resolve-mx.ts'
import { message, results, useDeliveryBench } from './support/delivery.ts'

const bench = useDeliveryBench()

const addressesOf = (way: Way) =>
  way.kind === 'way' ? way.destination.addresses.map(({ host, address }) => `${host} ${address}`) : way.failure.reply
const PUBLIC = '192.88.0.1'

describe('the way to a domain', () => {
  it('O1 leads over its mail servers by preference, IPv6 and IPv4 in turn', async () => {
    bench().record(
      'remote.test MX',
      { preference: 20, exchange: 'b.remote.test' },
      { preference: 10, exchange: 'a.remote.test' },
    )
    bench().record('a.remote.test A', '198.18.0.1', '198.18.0.2')
    bench().record('a.remote.test AAAA', '2001:db8::1')
    bench().record('b.remote.test A', '198.18.0.3')
    const way = await bench().way()
    expect(addressesOf(way)).toEqual([
      'a.remote.test 2001:db8::1',
      'a.remote.test 198.18.0.1',
      'a.remote.test 198.18.0.2',
      'b.remote.test 198.18.0.3',
    ])
    expect(way).toMatchObject({ destination: { site: { key: 'a.remote.test,b.remote.test', provider: null } } })
    expect(addressesOf(await bench().way('remote.test', { family: 'v4' }))).not.toContain('a.remote.test 2001:db8::1')
  })

  it('O2 without MX is the domain itself, also behind an alias', async () => {
    bench().record('remote.test CNAME', 'real.test')
    bench().record('real.test A', PUBLIC)
    expect(addressesOf(await bench().way())).toEqual([`remote.test ${PUBLIC}`])
  })

  it('O2 over an MX that is an alias is taken, and noted', async () => {
    bench().record('remote.test MX', { preference: 10, exchange: 'alias.remote.test' })
    bench().dnsScript = ({ name, type }) => {
      if (type === 'MX')
        return { answers: [{ type: 'MX', name, ttl: 60, data: { preference: 10, exchange: 'alias.remote.test' } }] }
      if (type !== 'A') return { rcode: 0 }
      return {
        answers: [
          { type: 'CNAME', name, ttl: 60, data: 'real.test' },
          { type: 'A', name: 'real.test', ttl: 60, data: PUBLIC },
        ],
      }
    }
    const way = await bench().way()
    expect(addressesOf(way)).toEqual([`alias.remote.test ${PUBLIC}`])
    expect(way.notes).toContainEqual({ host: 'alias.remote.test', kind: 'alias', detail: 'real.test' })
  })

  it('O3 is none with a null MX', async () => {
    bench().record('remote.test MX', { preference: 0, exchange: '.' })
    expect(addressesOf(await bench().way())).toMatchObject({ code: 556, enhanced: '5.1.10' })
  })

  it('O4 is none for ever without the name, and none for now without an answer', async () => {
    expect(addressesOf(await bench().way('nothing.test'))).toMatchObject({ code: 550, enhanced: '5.1.2' })
    bench().dnsScript = () => ({ rcode: 2 })
    expect(addressesOf(await bench().way('broken.test'))).toMatchObject({ code: 451, enhanced: '4.4.3' })
    bench().dnsScript = ({ name, type }) =>
      type === 'MX'
        ? { answers: [{ type, name, ttl: 60, data: { preference: 1, exchange: 'mx.broken.test' } }] }
        : { rcode: 2 }
    expect(addressesOf(await bench().way('half.test'))).toMatchObject({ code: 451, enhanced: '4.4.3' })
  })

  it('O5 never leads back to us, by name or by address', async () => {
    bench().record(
      'remote.test MX',
      { preference: 10, exchange: 'a.remote.test' },
      { preference: 20, exchange: 'MX.our.test' },
    )
    bench().record('a.remote.test A', PUBLIC)
    expect(addressesOf(await bench().way())).toEqual([`a.remote.test ${PUBLIC}`])
    expect(addressesOf(await bench().way('remote.test', { ownAddresses: [PUBLIC] }))).toMatchObject({
      enhanced: '5.4.6',
    })
    bench().record('looped.test MX', { preference: 10, exchange: 'mx.our.test' })
    expect(addressesOf(await bench().way('looped.test'))).toMatchObject({ enhanced: '5.4.6' })
  })

  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '169.254.1.1',
    '0.0.0.0',
    '100.64.0.1',
    '::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    'fe80::1',
  ])('O6 does not lead to %s', async (address) => {
    bench().record(`remote.test ${address.includes(':') ? 'AAAA' : 'A'}`, address)
    bench().record('remote.test TXT', 'x')
    expect(addressesOf(await bench().way('remote.test', { allowPrivate: false }))).toMatchObject({ enhanced: '5.4.4' })
    const literal = address.includes(':') ? `[IPv6:${address}]` : `[${address}]`
    expect(addressesOf(await bench().way(literal, { allowPrivate: false }))).toMatchObject({ enhanced: '5.1.2' })
  })

  it('O6 is checked again where the connection is made', async () => {
    const mx = await bench().mx()
    const destination = { ...(await bench().destination()), allowPrivate: false }
    const report = await bench().attempt(message(['a@remote.test']), {}, destination)
    expect(results(report)['a']).toMatch(/no public address$/)
    expect(mx.connections).toEqual([])
  })

  it('leads to an address literal', async () => {
    const way = await bench().way(`[${PUBLIC}]`)
    expect(addressesOf(way)).toEqual([`[${PUBLIC}] ${PUBLIC}`])
  })

  it('O7 retries by IPv4 in the same attempt when only our IPv6 is refused', async () => {
    const mx = await bench().mx()
    const text =
      '550 5.7.1 [2001:db8::1] Our system has detected that this message does not meet IPv6 sending guidelines regarding PTR records'
    mx.script = { rcpt: (connection) => (mx.connections.indexOf(connection) === 0 ? text : '250 ok') }
    const destination = await bench().destination()
    const [v4] = destination.addresses
    if (v4 === undefined) throw new Error('no address')
    // Loopback has one IPv6 address: the plan says of an IPv4 one that it is of the other family.
    const mapped = { ...v4, address: '::ffff:127.0.0.2', family: 6 as const }
    const site = { ...destination.site, provider: 'google' as const }
    const report = await bench().attempt(
      message(['a@remote.test']),
      {},
      { ...destination, site, addresses: [mapped, v4] },
    )
    expect(results(report)).toEqual({ a: 'delivered 250 2.0.0 queued' })
    expect(report.tries.map(({ signals }) => signals.map(({ kind }) => kind))).toEqual([['avoid_ipv6'], ['delivered']])
  })
})

describe('O8 an attempt', () => {
  it('has at most five addresses', async () => {
    for (let index = 1; index <= 9; index += 1) bench().record('remote.test A', `198.18.0.${index}`)
    expect(addressesOf(await bench().way())).toHaveLength(5)
  })

  it('has at most two sessions in which mail was offered', async () => {
    const all = [
      await bench().mx({ mail: '451 4.3.0 no' }),
      await bench().mx({ mail: '451 4.3.0 no' }),
      await bench().mx(),
    ]
    expect(results(await bench().deliver(['a@remote.test']))).toEqual({ a: 'deferred 451 4.3.0 no' })
    expect(all.map(({ connections }) => connections.length)).toEqual([1, 1, 0])
  })
})

describe('the way to a smart host', () => {
  const options = () => ({
    resolver: bench().resolver,
    ownHosts: [],
    ownAddresses: ['127.0.0.2'],
    allowPrivate: false,
    random: () => 0,
    port: 25,
  })

  it('is by name and port, and may be private', async () => {
    bench().record('smart.test A', '10.0.0.1')
    const way = await wayToRoute({ host: 'smart.test', port: 587 }, 'both', options())
    expect(addressesOf(way)).toEqual(['smart.test 10.0.0.1'])
    expect(way).toMatchObject({ destination: { port: 587, allowPrivate: true, site: { key: 'route:smart.test:587' } } })
  })

  it.each(['127.0.0.2', '::1'])('may be an address: %s', async (host) => {
    expect(await wayToRoute({ host, port: 2525 }, 'both', options())).toMatchObject({
      destination: { port: 2525, addresses: [{ address: host }] },
    })
  })
})
