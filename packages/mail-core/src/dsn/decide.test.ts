import { describe, expect, it } from 'vitest'
import { decideDsn, type DsnEvent, type DsnQuestion } from './index.ts'
import { address } from './dsn.fixtures.ts'

const HOUR = 3_600_000
const since = new Date('2026-11-28T10:00:00Z')
const delayed = (hours: number, noticed = false): DsnEvent => ({
  kind: 'delayed',
  since,
  now: new Date(since.getTime() + hours * HOUR),
  noticeHours: 4,
  noticed,
})
const decide = (event: DsnEvent, rest: Partial<DsnQuestion> = {}) => {
  const decision = decideDsn({
    event,
    reversePath: address('ann@example.org'),
    authenticated: true,
    notify: null,
    ...rest,
  })
  return decision.tell ? 'tell' : decision.reason
}
const failed: DsnEvent = { kind: 'failed' }
const delivered: DsnEvent = { kind: 'delivered' }
const relayed = (passedOn: boolean): DsnEvent => ({ kind: 'relayed', passedOn })
const EVENTS: readonly DsnEvent[] = [failed, delivered, delayed(5), relayed(false), { kind: 'expanded' }]

describe('whether a sender is told', () => {
  it.each(EVENTS)('O44 never about mail from <>, nor to a stranger: $kind', (event) => {
    const notify = ['success', 'failure', 'delay'] as const
    expect(decide(event, { reversePath: null, notify })).toBe('null_sender')
    expect(decide(event, { authenticated: false, notify })).toBe('not_authenticated')
    expect(decide(event, { notify })).toBe('tell')
  })

  it.each(EVENTS)('O45 never after NOTIFY=NEVER, not even of failure: $kind', (event) => {
    expect(decide(event, { notify: [] })).toBe('notify_never')
  })

  it('O45 of what was asked for alone', () => {
    expect(decide(failed, { notify: ['failure'] })).toBe('tell')
    expect(decide(failed, { notify: ['success', 'delay'] })).toBe('not_asked')
    expect(decide(delivered, { notify: ['success'] })).toBe('tell')
    expect(decide(delivered, { notify: ['failure', 'delay'] })).toBe('not_asked')
    expect(decide(delayed(5), { notify: ['success', 'failure'] })).toBe('not_asked')
  })

  it('O45 of failure and delay when nothing was asked for', () => {
    expect(EVENTS.map((event) => decide(event))).toEqual(['tell', 'not_asked', 'tell', 'not_asked', 'not_asked'])
  })

  it('O45 of mail passed on only if the next server does not report itself', () => {
    expect(decide(relayed(false), { notify: ['success'] })).toBe('tell')
    expect(decide(relayed(true), { notify: ['success'] })).toBe('passed_on')
    expect(decide(relayed(false), { notify: ['failure'] })).toBe('not_asked')
  })

  it('O46 of delay once, after four hours', () => {
    expect(decide(delayed(3.9))).toBe('not_due')
    expect(decide(delayed(4))).toBe('tell')
    expect(decide(delayed(4), { notify: ['delay'] })).toBe('tell')
    expect(decide(delayed(9, true))).toBe('not_due')
  })
})
