import { describe, expect, it } from 'vitest'
import { createIdFactory } from '../id.ts'
import { fakeIds } from '../testing/index.ts'
import { evaluateData, isOwnReceived } from './index.ts'

const HOST = 'mail.example.com'
const ID = createIdFactory(fakeIds())('jrn')
const own = (protocol: string, by = HOST, id: string = ID) =>
  `from mx.example.net (mx.example.net [192.0.2.1]) by ${by} with ${protocol} id ${id} for <a@example.com>; Fri, 2 Jan 2026 03:04:05 +0000`

function evaluate(data: Partial<Parameters<typeof evaluateData>[0]['data']>, authenticated = false) {
  const decision = evaluateData({
    data: { problem: null, receivedCount: 0, received: [], singleFields: new Map(), ...data },
    hostname: HOST,
    authenticated,
  })
  return decision.kind === 'accept'
    ? 'accept'
    : `${decision.reply.code} ${decision.reply.enhanced ?? ''} ${decision.reason}`
}

describe('a message', () => {
  it.each([
    ['bare_cr', '550 5.6.11 bare_cr'],
    ['bare_lf', '550 5.6.11 bare_lf'],
    ['nul', '550 5.6.11 nul'],
    ['line_too_long', '550 5.6.0 line_too_long'],
    ['too_large', '552 5.3.4 too_large'],
  ] as const)('with %s', (problem, outcome) => {
    expect(evaluate({ problem })).toBe(outcome)
  })

  it('with too many Received fields', () => {
    expect(evaluate({ receivedCount: 50 })).toBe('accept')
    expect(evaluate({ receivedCount: 51 })).toBe('554 5.4.6 too_many_received')
    expect(evaluate({ receivedCount: 51 }, true)).toBe('554 5.4.6 too_many_received')
  })

  it('with two From fields, on every port', () => {
    const from = (count: number) => ({ singleFields: new Map([['from', count]]) })
    for (const authenticated of [true, false]) {
      expect(evaluate(from(1), authenticated)).toBe('accept')
      expect(evaluate(from(2), authenticated)).toBe('550 5.6.0 from_count')
    }
  })

  it('that came in here before', () => {
    expect(evaluate({ received: ['from a by b', own('ESMTPS')] })).toBe('554 5.4.6 own_received')
    expect(evaluate({ received: [own('ESMTPS')] }, true)).toBe('accept')
  })

  it('that our user once sent, back from a mailing list', () => {
    expect(evaluate({ received: [own('ESMTPSA')] })).toBe('accept')
    expect(evaluate({ received: [own('UTF8SMTPSA')] })).toBe('accept')
  })
})

describe('our own Received field', () => {
  it.each([
    [own('ESMTP'), true],
    [own('SMTP', 'MAIL.example.com'), true],
    [own('UTF8SMTPS'), true],
    [own('ESMTP', 'mail.example.net'), false],
    [own('ESMTP', HOST, '4XyZ123'), false],
    [`from x (by ${HOST} id ${ID}) by other.example with ESMTP id 1`, false],
    [`from x; by ${HOST} id ${ID}`, false],
    [`by ${HOST}`, false],
    ['', false],
  ])('%s: %s', (field, expected) => {
    expect(isOwnReceived(field, HOST)).toBe(expected)
  })
})
