import { describe, expect, it } from 'vitest'
import { failures } from '../failure.ts'
import { afterRecipients, sessionOutcome } from './index.ts'
import { reply, session, outcome, kinds, first, signals, SENT, lost } from './session.fixtures.ts'

describe('a delivery', () => {
  it('is a 250 after the final dot', () => {
    expect(outcome(['250 ok', '250 ok'], SENT)).toMatchObject({
      recipients: [
        { id: 'r0', result: { kind: 'delivered', reply: { code: 250, text: 'queued' } } },
        { id: 'r1', result: { kind: 'delivered' } },
      ],
      connection: 'reuse',
      reached: true,
      hostRefusal: null,
      signals: [{ kind: 'delivered' }],
    })
  })

  it('O12 stands when the connection breaks a byte later, and the connection is closed', () => {
    const facts = session(['250 ok'], SENT, { broken: { stage: 'end', ...lost } })
    expect(sessionOutcome(facts)).toMatchObject({
      recipients: [{ result: { kind: 'delivered' } }],
      connection: 'close',
    })
  })

  it('O18 is for those who were taken; the others have their own refusal', () => {
    expect(kinds(['250 ok', '550 5.1.1 no such user', '450 4.2.2 mailbox full'], SENT)).toEqual([
      'delivered',
      'bounced',
      'deferred',
    ])
  })

  it('O13 is decided by the first digit of codes that nobody knows', () => {
    expect(kinds(['299 fine', '599 no', '499 no', '399 what'], SENT)).toEqual([
      'delivered',
      'bounced',
      'deferred',
      'deferred',
    ])
    expect(kinds(['250 ok'], { data: '399 go', end: '277 ok' })).toEqual(['delivered'])
    expect(kinds(['250 ok'], { data: '250 what' })).toEqual(['deferred'])
  })
})

describe('a message that nobody gets', () => {
  it('O18 is not sent: RSET, or a lone dot after a DATA that was pipelined', () => {
    const [ok, no] = [reply('250 ok'), reply('550 no')]
    expect(afterRecipients([no, ok], null)).toBe('send')
    expect(afterRecipients([no, no], null)).toBe('reset')
    expect(afterRecipients([no], reply('554 no valid recipients'))).toBe('reset')
    expect(afterRecipients([no], reply('354 go on'))).toBe('end_with_dot')
    expect(afterRecipients([null], null)).toBe('reset')
  })

  it('O14 O18 is not delivered by a server that takes the lone dot', () => {
    expect(kinds(['550 5.1.1 no such user'], SENT)).toEqual(['bounced'])
  })

  it('is refused to all alike at MAIL and at DATA', () => {
    expect(kinds([null, null], { mail: '550 5.7.1 message refused' })).toEqual(['bounced', 'bounced'])
    expect(kinds([null], { mail: '451 4.3.0 local error' })).toEqual(['deferred'])
    expect(kinds(['250 ok', '250 ok'], { data: '554 5.6.0 spam message' })).toEqual(['bounced', 'bounced'])
    expect(kinds(['250 ok'], { data: '354 go', end: '554 5.7.1 spam message rejected' })).toEqual(['bounced'])
    expect(kinds(['250 ok'], { data: '354 go', end: '451 4.3.0 local error' })).toEqual(['deferred'])
  })
})

describe('a connection that breaks', () => {
  it.each(['connect', 'banner', 'hello', 'tls', 'mail', 'rcpt', 'data', 'body'] as const)(
    'at %s defers, and the next host may take the mail',
    (stage) => {
      const early =
        stage === 'connect' || stage === 'banner' || stage === 'hello' || stage === 'tls' || stage === 'mail'
      expect(first([early ? null : '250 ok'], {}, { broken: { stage, ...lost } })).toMatchObject({
        kind: 'deferred',
        tryNextHost: true,
        uncertain: false,
        refusal: { local: true, stage, class: 'no_answer' },
      })
    },
  )

  it('O11 after the final dot defers, and no other host gets the mail now', () => {
    const facts = [['250 ok'], { data: '354 go' }, { broken: { stage: 'end', failure: failures.noAnswer } }] as const
    expect(first([...facts[0]], facts[1], facts[2])).toMatchObject({
      kind: 'deferred',
      tryNextHost: false,
      uncertain: true,
      refusal: { reply: failures.silentAfterData.reply },
    })
  })

  it('leaves refusals that were given before', () => {
    expect(kinds(['550 5.1.1 no such user', null], {}, { broken: { stage: 'rcpt', ...lost } })).toEqual([
      'bounced',
      'deferred',
    ])
  })

  it('O14 is not used again, nor after 421, nor out of step', () => {
    const connection = (...args: Parameters<typeof session>) => outcome(...args).connection
    expect(connection(['250 ok'], { data: '354 go', end: '421 4.3.2 shutting down' })).toBe('close')
    expect(connection(['421 4.7.0 bye'])).toBe('close')
    expect(connection(['250 ok'], { data: '354 go' })).toBe('close')
    expect(connection([null], { banner: '554 no' })).toBe('close')
    expect(connection(['550 5.1.1 no such user'])).toBe('reset')
    expect(connection(['250 ok', '550 no such user'], SENT)).toBe('reset')
    expect(connection([null], { mail: '550 5.7.1 no' })).toBe('reset')
  })
})

describe('too many recipients', () => {
  it('O17 is no failure for the rest: they are sent again at once', () => {
    expect(kinds(['250 ok', '452 4.5.3 too many', '452 Too many recipients'], SENT)).toEqual([
      'delivered',
      'again',
      'again',
    ])
    expect(kinds(['250 ok', '552 too many recipients'], SENT)).toEqual(['delivered', 'again'])
    expect(signals(['250 ok', '452 4.5.3 too many'], SENT)).toEqual(['delivered'])
  })

  it('O17 is one when nobody was taken, so that it ends', () => {
    expect(kinds(['452 4.5.3 too many recipients'])).toEqual(['deferred'])
    expect(kinds(['552 5.5.3 too many recipients'])).toEqual(['deferred'])
  })

  it('is not the same as a full mailbox', () => {
    expect(kinds(['250 ok', '452 4.2.2 mailbox full', '552 5.2.2 over quota'], SENT)).toEqual([
      'delivered',
      'deferred',
      'bounced',
    ])
  })
})
