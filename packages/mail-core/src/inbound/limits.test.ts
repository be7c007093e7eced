import { describe, expect, it } from 'vitest'
import {
  clientKey,
  decideAuthFailures,
  decideConnection,
  decideDeadline,
  decideRecipientCount,
  decideRefusals,
  decideSize,
  decideUnknownRecipients,
  inNetworks,
  isIp,
  canonicalIp,
} from './index.ts'

const LIMITS = { maxConnections: 100, perAddress: 10, newPerMinutePerAddress: 20 }
const QUIET = { open: 0, openFromAddress: 0, newFromAddressLastMinute: 0, evictable: false, exempt: false }

describe('connections', () => {
  it.each([
    [{}, 'accept'],
    [{ openFromAddress: 9, newFromAddressLastMinute: 19, open: 99 }, 'accept'],
    [{ openFromAddress: 10 }, 'too_many_from_address'],
    [{ newFromAddressLastMinute: 20 }, 'too_fast'],
    [{ open: 100 }, 'too_many_connections'],
    [{ open: 100, evictable: true }, 'make_room'],
    [{ openFromAddress: 10, newFromAddressLastMinute: 20, exempt: true }, 'accept'],
    [{ open: 100, exempt: true }, 'too_many_connections'],
    [{ open: 100, evictable: true, openFromAddress: 10 }, 'too_many_from_address'],
  ])('%j: %s', (counts, outcome) => {
    const decision = decideConnection({ ...QUIET, ...counts }, LIMITS)
    expect(decision.kind === 'refuse' ? decision.reason : decision.kind).toBe(outcome)
    if (decision.kind === 'refuse') expect(decision.reply).toMatchObject({ code: 421, enhanced: '4.7.0' })
  })

  it('are not limited by a limit of 0', () => {
    const off = { maxConnections: 0, perAddress: 0, newPerMinutePerAddress: 0 }
    const many = { ...QUIET, open: 1e6, openFromAddress: 1e6, newFromAddressLastMinute: 1e6 }
    expect(decideConnection(many, off)).toEqual({ kind: 'accept' })
  })
})

describe('session counters', () => {
  it('limit recipients', () => {
    expect(decideRecipientCount(99, 100).kind).toBe('accept')
    expect(decideRecipientCount(100, 100)).toMatchObject({ reply: { code: 452, enhanced: '4.5.3' } })
  })

  it('limit unknown recipients', () => {
    const decide = (onConnection: number, fromAddressLastHour: number, exempt = false) =>
      decideUnknownRecipients({ onConnection, fromAddressLastHour, fromNetworkLastHour: 0, earned, exempt }).kind
    const earned = { client: 0, network: 0 }
    expect([decide(10, 50), decide(11, 11), decide(1, 51), decide(1000, 1000, true)]).toEqual([
      'accept',
      'refuse',
      'refuse',
      'accept',
    ])
  })

  it('weigh unknown recipients against addresses that took mail, up to a bound', () => {
    const decide = (fromAddressLastHour: number, fromNetworkLastHour: number, client = 20, network = 40) =>
      decideUnknownRecipients({
        onConnection: 1,
        fromAddressLastHour,
        fromNetworkLastHour,
        earned: { client, network },
        exempt: false,
      }).kind
    expect([decide(70, 290), decide(71, 290), decide(70, 291)]).toEqual(['accept', 'refuse', 'refuse'])
    expect([decide(250, 1250, 1e6, 1e6), decide(251, 1, 1e6, 1e6), decide(1, 1251, 1e6, 1e6)]).toEqual([
      'accept',
      'refuse',
      'refuse',
    ])
  })

  it('limit failed logins and announced sizes', () => {
    expect([decideAuthFailures(2).kind, decideAuthFailures(3).kind]).toEqual(['accept', 'refuse'])
    expect([decideSize(null, 5).kind, decideSize(5, 5).kind]).toEqual(['accept', 'accept'])
    expect(decideSize(6, 5)).toMatchObject({ reply: { code: 552, enhanced: '5.3.4' } })
  })
})

describe('session refusals', () => {
  it.each([
    [{ transactions: 49, recipients: 149, overLimit: 0 }, 'accept'],
    [{ transactions: 50, recipients: 0, overLimit: 0 }, 'refuse'],
    [{ transactions: 0, recipients: 150, overLimit: 0 }, 'refuse'],
    [{ transactions: 0, recipients: 149, overLimit: 5000 }, 'accept'],
    [{ transactions: 0, recipients: 149, overLimit: 5001 }, 'refuse'],
    [{ transactions: 0, recipients: 0, overLimit: 5150 }, 'refuse'],
  ] as const)('%j: %s', (refused, expected) => {
    const decision = decideRefusals(refused, 100)
    expect(decision.kind).toBe(expected)
    if (decision.kind === 'refuse') expect(decision.reply).toMatchObject({ code: 421, enhanced: '4.7.0' })
  })
})

describe('deadlines', () => {
  const minute = 60_000
  const clock = { now: 0, connectedAt: 0, firstMailAt: null, dataStartedAt: null, dataBytes: 0 }
  it.each([
    [{ now: minute - 1 }, 'accept'],
    [{ now: minute }, 'no_mail'],
    [{ now: minute, firstMailAt: 5 }, 'accept'],
    [{ now: 30 * minute, firstMailAt: 5 }, 'session_too_long'],
    [{ now: 29_999, firstMailAt: 5, dataStartedAt: 0 }, 'accept'],
    [{ now: 30_000, firstMailAt: 5, dataStartedAt: 0, dataBytes: 14_999 }, 'data_too_slow'],
    [{ now: 30_000, firstMailAt: 5, dataStartedAt: 0, dataBytes: 15_000 }, 'accept'],
  ])('%j: %s', (at, outcome) => {
    const decision = decideDeadline({ ...clock, ...at })
    expect(decision.kind === 'refuse' ? decision.reason : decision.kind).toBe(outcome)
  })
})

describe('networks', () => {
  it('counts an IPv6 client by its /64 and a mapped IPv4 one as IPv4', () => {
    expect(clientKey('192.0.2.1')).toBe('192.0.2.1')
    expect(clientKey('::ffff:192.0.2.1')).toBe('192.0.2.1')
    expect(clientKey('2001:db8:0:1::1')).toBe(clientKey('2001:db8:0:1:ffff::2'))
    expect(clientKey('2001:db8:0:1::1')).not.toBe(clientKey('2001:db8:0:2::1'))
    expect(clientKey('nothing')).toBe('nothing')
  })

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%lo', 'fe80::1%lo'],
    ['unknown', 'unknown'],
  ])('writes %s as %s', (text, plain) => {
    expect(canonicalIp(text)).toBe(plain)
  })

  it.each(['192.0.2.1', '::1', '2001:db8:1:2:3:4:5:6', '::ffff:c000:201'])('reads %s as an address', (text) => {
    expect(isIp(text)).toBe(true)
  })

  it.each(['', '1.2.3', '1.2.3.4.5', '010.0.0.1', '0x7f.0.0.1', '127.1', 'fe80::1%lo', ':', ':::', 'x', '1::2::3'])(
    'does not read "%s" as an address',
    (text) => {
      expect(isIp(text)).toBe(false)
    },
  )

  it.each([
    ['127.0.0.1', '127.0.0.1/32', true],
    ['127.0.0.2', '127.0.0.1/32', false],
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['192.0.2.129', '192.0.2.128/25', true],
    ['192.0.2.127', '192.0.2.128/25', false],
    ['192.0.2.1', '0.0.0.0/0', true],
    ['192.0.2.1', '192.0.2.1', true],
    ['::1', '::1/128', true],
    ['2001:db8:ffff::1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['::ffff:192.0.2.1', '192.0.2.0/24', true],
    ['192.0.2.1', '::ffff:192.0.2.0/120', true],
    ['192.0.2.1', '::/0', false],
    ['192.0.2.1', 'nonsense', false],
    ['nonsense', '0.0.0.0/0', false],
  ])('%s in %s: %s', (address, network, expected) => {
    expect(inNetworks(address, ['198.51.100.0/24', network])).toBe(expected)
  })
})
