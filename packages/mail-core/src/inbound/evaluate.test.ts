import { describe, expect, it } from 'vitest'
import { evaluateData } from './index.ts'

function evaluate(data: Partial<Parameters<typeof evaluateData>[0]['data']>, authenticated = false) {
  const decision = evaluateData({
    data: { problem: null, receivedCount: 0, ownReceived: false, singleFields: new Map(), forgedResults: [], ...data },
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

  it('that this server has received before', () => {
    expect(evaluate({ ownReceived: true })).toBe('554 5.4.6 own_received')
    expect(evaluate({ ownReceived: true }, true)).toBe('accept')
  })

  it('with more results in our name than can be removed', () => {
    expect(evaluate({ forgedResults: [{ from: 0, to: 9 }] })).toBe('accept')
    expect(evaluate({ forgedResults: null })).toBe('550 5.7.1 forged_results')
  })
})
