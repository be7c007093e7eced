import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryHostileText } from '../testing/index.ts'
import {
  asciiLine,
  escapeRemote,
  formatReply,
  isTransient,
  oneLine,
  replies,
  replyText,
  smtpReply,
  statusOf,
  withJourney,
} from './index.ts'

const JOURNEY = 'jrn_0000000000e008000000000000'

describe('replies', () => {
  it('contain the journey id as the contract says', () => {
    expect(formatReply(withJourney(replies.accepted, JOURNEY))).toBe(`250 2.0.0 Accepted ${JOURNEY}`)
    expect(formatReply(withJourney(replies.unknownRecipient, JOURNEY))).toBe(
      `550 5.1.1 No such mailbox here (${JOURNEY})`,
    )
    expect(replyText(replies.bareCharacter)).toMatch(/^5\.6\.11 /)
    expect(formatReply(smtpReply(354, null, 'Go on'))).toBe('354 Go on')
  })

  it('have an enhanced code of the same class', () => {
    for (const reply of Object.values(replies)) {
      expect(formatReply(reply)).toMatch(/^([245])\d\d \1\.\d{1,3}\.\d{1,3} \S/)
      expect(isTransient(reply) === (reply.code >= 400 && reply.code < 500)).toBe(true)
    }
  })

  it('determine the status of the transaction', () => {
    expect(statusOf(replies.accepted)).toBe('accepted')
    expect(statusOf(replies.mailboxFull)).toBe('deferred')
    expect(statusOf(replies.unknownRecipient)).toBe('refused')
  })

  it.each([
    ['unknownRecipient', 550, '5.1.1'],
    ['foreignDomain', 550, '5.7.1'],
    ['pendingDomain', 550, '5.7.1'],
    ['mailboxFull', 452, '4.2.2'],
    ['exceedsQuota', 552, '5.2.2'],
    ['tooLarge', 552, '5.3.4'],
    ['bareCharacter', 550, '5.6.11'],
    ['dmarcReject', 550, '5.7.1'],
    ['tooManyHops', 554, '5.4.6'],
    ['tooManyConnections', 421, '4.7.0'],
    ['unexpected', 451, '4.3.0'],
    ['noSpace', 452, '4.3.1'],
    ['authenticated', 235, '2.7.0'],
    ['wrongPassword', 535, '5.7.8'],
    ['locked', 454, '4.7.0'],
    ['tlsForAuth', 538, '5.7.11'],
    ['authRequired', 530, '5.7.0'],
    ['fromNotOwned', 550, '5.7.1'],
  ] as const)('%s is %d %s', (name, code, enhanced) => {
    expect(replies[name]).toMatchObject({ code, enhanced })
  })

  it('are one line of ASCII for any text', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryHostileText, fc.string({ unit: 'binary' })), (text) => {
        expect(formatReply(smtpReply(550, '5.7.1', text.repeat(20)))).toMatch(/^550 5\.7\.1 [\x20-\x7e]{0,400}$/)
      }),
    )
  })
})

describe('texts from the network', () => {
  it('are escaped, visibly', () => {
    expect(escapeRemote('a\r\nb\u202e\\')).toBe('a\\u{d}\\u{a}b\\u{202e}\\\\')
    expect(escapeRemote('日本語 é')).toBe('日本語 é')
    expect(escapeRemote('x'.repeat(300))).toBe(`${'x'.repeat(199)}…`)
    expect(escapeRemote('\0'.repeat(100)).length).toBe(200)
    expect(escapeRemote('ab😀', 3)).toBe('ab…')
  })

  it('never contain control characters, and never exceed the limit', () => {
    fc.assert(
      fc.property(arbitraryHostileText, fc.integer({ min: 2, max: 80 }), (text, max) => {
        for (const made of [escapeRemote(text, max), oneLine(text, max), asciiLine(text, max)]) {
          expect(made).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
          expect(made.length).toBeLessThanOrEqual(max)
        }
        expect(escapeRemote(text, max).isWellFormed()).toBe(true)
        expect(oneLine(text, max).isWellFormed()).toBe(true)
      }),
    )
  })
})
