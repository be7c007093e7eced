import { expect, it } from 'vitest'
import { fakeClock } from '../testing/index.ts'
import type { JourneyOptions } from './index.ts'
import { combineStatuses, JourneyRecorder } from './index.ts'

const STRANGER = { tenantId: 'tnt_system', status: 'refused', reply: '550 5.1.1 No' } as const

function record(limits: Partial<JourneyOptions> = {}) {
  const clock = fakeClock()
  const options = { id: 'jrn_x', tenantId: 'tnt_system', direction: 'inbound', remoteAddress: '192.0.2.1' } as const
  return { clock, recorder: new JourneyRecorder({ ...options, now: clock.now, ...limits }) }
}

it('tells the steps with their times, those of a recipient apart', () => {
  const { clock, recorder } = record()
  recorder.helo('mx.example.net')
  recorder.sender('a@example.com')
  recorder.step('mail', 'sender', 'ok')
  clock.advance(15)
  recorder.step('rcpt', 'recipient', 'refused', 'unknown', 'b@example.com')
  recorder.step('rcpt', 'recipient', 'refused', 'not kept as a recipient', 'c@example.com')
  recorder.recipient({ address: 'b@example.com', ...STRANGER })
  clock.advance(5)
  const rcpt = { at: '2026-01-02T03:04:05.015Z', ms: 15, kind: 'rcpt', name: 'recipient', result: 'refused' }
  expect(recorder.finish('refused', '550 5.1.1 No')).toEqual({
    id: 'jrn_x',
    tenantId: 'tnt_system',
    direction: 'inbound',
    status: 'refused',
    sender: 'a@example.com',
    remoteAddress: '192.0.2.1',
    helo: 'mx.example.net',
    reply: '550 5.1.1 No',
    startedAt: new Date('2026-01-02T03:04:05.000Z'),
    steps: [
      { at: '2026-01-02T03:04:05.000Z', ms: 0, kind: 'mail', name: 'sender', result: 'ok', detail: '' },
      { ...rcpt, detail: 'not kept as a recipient' },
      {
        at: '2026-01-02T03:04:05.020Z',
        ms: 20,
        kind: 'end',
        name: 'refused',
        result: 'refused',
        detail: '550 5.1.1 No',
      },
    ],
    recipients: [{ address: 'b@example.com', ...STRANGER, steps: [{ ...rcpt, detail: 'unknown' }] }],
  })
})

it('stays small and readable whatever is put in', () => {
  const { recorder } = record({ maxSteps: 3, maxRecipients: 2, maxDetail: 20 })
  for (let index = 0; index < 10; index += 1) {
    recorder.step('mail', 'a\nb', 'info', 'x\r\n'.repeat(100))
    recorder.recipient({ address: `${index}@example.com`, ...STRANGER })
  }
  const journey = recorder.finish('aborted', '')
  expect(journey.steps).toHaveLength(4)
  expect(journey.steps[0]).toMatchObject({ name: 'a\\u{a}b', detail: 'x\\u{d}\\u{a}x\\u{d}\\u…' })
  expect(journey.steps.at(-1)?.detail).toMatch(/^ ?\(7 steps were/)
  expect(journey.recipients).toHaveLength(2)
})

it('keeps the latest fate of a recipient', () => {
  const { recorder } = record({ maxRecipients: 1 })
  recorder.recipient({ address: 'b@example.com', ...STRANGER })
  recorder.recipient({ address: 'b@example.com', ...STRANGER, status: 'accepted' })
  expect(recorder.finish('accepted', '250').recipients.map(({ status }) => status)).toEqual(['accepted'])
})

it('combines what recipients came to', () => {
  expect(combineStatuses([])).toBe('refused')
  expect(combineStatuses(['accepted', 'accepted'])).toBe('accepted')
  expect(combineStatuses(['accepted', 'refused'])).toBe('partial')
})
