import { describe, expect, it } from 'vitest'
import { failures } from '../failure.ts'
import { sessionOutcome } from './index.ts'
import { session, outcome, kinds, first, signals, type Texts, lost } from './session.fixtures.ts'

describe('a refusal', () => {
  it('O34 by greylisting says so, with the time that it names', () => {
    expect(first(['450 4.2.0 Greylisted, try again in 300 seconds'])).toMatchObject({
      kind: 'deferred',
      greylisted: true,
      hintSeconds: 300,
      tryNextHost: false,
    })
  })

  it('O41 for good is tried again when it is about our address or the destination, three times', () => {
    const listed = '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org'
    const at = (rescues: number) => {
      const facts = session([listed])
      return sessionOutcome({ ...facts, recipients: facts.recipients.map((each) => ({ ...each, rescues })) })
        .recipients[0]?.result
    }
    expect(at(0)).toMatchObject({ kind: 'deferred', rescue: true, refusal: { list: { name: 'Spamhaus' } } })
    expect(at(2)).toMatchObject({ kind: 'deferred', rescue: true })
    expect(at(3)).toMatchObject({ kind: 'bounced' })
    expect(kinds(['530 5.7.0 Must issue a STARTTLS command first'])).toEqual(['deferred'])
  })

  it('O41 for good is final when it is about the recipient or the message', () => {
    expect(kinds(['550 5.1.1 user unknown', '552 5.2.2 mailbox full', '550 5.7.1 policy'])).toEqual([
      'bounced',
      'bounced',
      'bounced',
    ])
    const busy = '550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents it'
    expect(kinds([busy], {}, { provider: 'google' })).toEqual(['bounced'])
  })

  it('O40 for now never ends it', () => {
    expect(kinds(['450 4.1.1 user unknown', '451 4.7.1 spam message', '452 4.3.4 message too large'])).toEqual([
      'deferred',
      'deferred',
      'deferred',
    ])
  })

  it('O7 of our IPv6 address only goes on by IPv4', () => {
    const noPtr = '550 5.7.25 The IP address sending this message does not have a PTR record setup'
    expect(first([noPtr], {}, { provider: 'google', family: 6 })).toMatchObject({
      kind: 'deferred',
      tryNextHost: true,
      rescue: true,
    })
    expect(signals([noPtr], {}, { provider: 'google', family: 6 })).toEqual(['avoid_ipv6'])
  })

  it('of our login by a smart host gives no mail back', () => {
    expect(first([null], { auth: '535 5.7.8 wrong password' })).toMatchObject({ kind: 'deferred' })
  })

  it('O10 in the greeting leaves the mail to the next host, whatever its code', () => {
    for (const texts of [{ banner: '554 5.7.1 no' }, { hello: '550 no' }, { banner: '421 busy' }] satisfies Texts[]) {
      expect(first([null], texts)).toMatchObject({ kind: 'deferred', tryNextHost: true })
    }
    expect(outcome([null], { banner: '554 go away' }).hostRefusal?.reply.code).toBe(554)
    expect(outcome([null], { mail: '554 go away' }).hostRefusal).toBe(null)
  })
})

describe('what a session tells of the site', () => {
  it('O29 is that it could not be reached', () => {
    expect(signals([null], {}, { broken: { stage: 'connect', failure: failures.noAnswer } })).toEqual(['unreachable'])
    expect(signals(['250 ok'], {}, { broken: { stage: 'body', ...lost } })).toEqual([])
  })

  it('O29 is nothing when only TLS is not as one policy wants it', () => {
    const facts = [[null], {}, { mail: null, broken: { stage: 'tls', failure: failures.tlsNotVerified } }] as const
    expect(outcome([...facts[0]], facts[1], facts[2])).toMatchObject({ reached: true, signals: [] })
  })

  it.each([
    ['421 4.7.0 Too many connections'],
    ['450 4.7.1 Error: too much mail from 192.0.2.1'],
    ['451 4.7.28 unusual rate'],
    ['451 Try again later'],
  ])('O32 is that it wants less: %s', (text) => {
    expect(signals([text])).toEqual(['slow_down'])
  })

  it('O32 is nothing when one recipient gets too much', () => {
    expect(
      signals(
        ['450 4.2.1 The user you are trying to contact is receiving mail too quickly'],
        {},
        { provider: 'google' },
      ),
    ).toEqual([])
  })

  it('O33 is that our address is refused, and on which list', () => {
    const { signals: told } = outcome([
      '554 5.7.1 blocked using bl.spamcop.net',
      '554 5.7.1 blocked using bl.spamcop.net',
    ])
    expect(told).toMatchObject([
      { kind: 'pause_source', refusal: { list: { name: 'SpamCop', delistUrl: 'https://www.spamcop.net/bl.shtml' } } },
    ])
  })
})
