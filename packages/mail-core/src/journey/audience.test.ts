import { describe, expect, it } from 'vitest'
import { allIn, domainOfStep, endingAtRcpt, isRefusedAtRcpt, type JourneyStep } from './index.ts'

const step = (kind: JourneyStep['kind'], values: Partial<JourneyStep> = {}): JourneyStep => ({
  at: '2026-11-01T00:00:00.000Z',
  ms: 1,
  kind,
  name: kind,
  result: 'ok',
  detail: '',
  recipient: null,
  ...values,
})

describe('a step about a domain', () => {
  it('names it', () => {
    expect(domainOfStep(step('authentication', { recipient: allIn('a.example') }))).toBe('a.example')
    expect(domainOfStep(step('authentication'))).toBeNull()
  })

  it('is none about a refused recipient that is spelled so', () => {
    expect(domainOfStep(step('rcpt', { recipient: '@a.example', result: 'refused' }))).toBeNull()
  })
})

describe('a recipient that RCPT refused', () => {
  const refused = step('rcpt', { recipient: 'a@x.example', result: 'deferred' })

  it('is told from one that was taken in the end, and from one without a step', () => {
    expect(isRefusedAtRcpt([refused], 'a@x.example')).toBe(true)
    expect(isRefusedAtRcpt([refused, { ...refused, result: 'ok' }], 'a@x.example')).toBe(false)
    expect(isRefusedAtRcpt([refused], 'b@x.example')).toBe(false)
  })

  it('sees nothing of the message, and an end with its own reply at its own time', () => {
    const steps = [
      step('connect'),
      { ...refused, ms: 5 },
      ...(['data', 'authentication', 'store', 'hook'] as const).map((kind) => step(kind, { ms: 900 })),
      step('end', { name: 'accepted', detail: '250 2.0.0 Accepted', ms: 1000 }),
    ]
    expect(endingAtRcpt(steps, { status: 'deferred', reply: '452 4.2.2 Full' })).toEqual([
      step('connect'),
      { ...refused, ms: 5 },
      step('end', { name: 'deferred', result: 'deferred', detail: '452 4.2.2 Full', ms: 5 }),
    ])
  })
})
