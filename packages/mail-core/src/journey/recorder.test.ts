import { expect, it } from 'vitest'
import { fakeClock } from '../testing/index.ts'
import { JourneyRecorder } from './index.ts'

function record(limits: { maxSteps?: number; maxRecipients?: number; maxDetail?: number } = {}) {
  const clock = fakeClock()
  return { clock, recorder: new JourneyRecorder({ id: 'jrn_x', direction: 'inbound', now: clock.now, ...limits }) }
}

const stranger = { fate: 'refused', tenantId: null, reply: '550 5.1.1 No', detail: 'unknown' } as const

it('tells the steps with their times', () => {
  const { clock, recorder } = record()
  recorder.sender('a@example.com')
  recorder.step('connect', 'connect', 'ok', '192.0.2.1')
  clock.advance(15)
  recorder.step('rcpt', 'recipient', 'refused', 'unknown')
  recorder.recipient({ address: 'b@example.com', ...stranger })
  clock.advance(5)
  expect(recorder.finish('refused', '550')).toEqual({
    id: 'jrn_x',
    direction: 'inbound',
    status: 'refused',
    from: 'a@example.com',
    startedAt: new Date('2026-01-02T03:04:05.000Z'),
    endedAt: new Date('2026-01-02T03:04:05.020Z'),
    steps: [
      { at: '2026-01-02T03:04:05.000Z', ms: 0, kind: 'connect', name: 'connect', result: 'ok', detail: '192.0.2.1' },
      { at: '2026-01-02T03:04:05.015Z', ms: 15, kind: 'rcpt', name: 'recipient', result: 'refused', detail: 'unknown' },
      { at: '2026-01-02T03:04:05.020Z', ms: 20, kind: 'end', name: 'refused', result: 'refused', detail: '550' },
    ],
    recipients: [{ address: 'b@example.com', ...stranger }],
  })
})

it('stays small and readable whatever is put in', () => {
  const { recorder } = record({ maxSteps: 3, maxRecipients: 2, maxDetail: 10 })
  for (let index = 0; index < 10; index += 1) {
    recorder.step('mail', 'a\nb', 'info', 'x\r\n'.repeat(100))
    recorder.recipient({ address: `${index}@example.com`, ...stranger })
  }
  const journey = recorder.finish('aborted')
  expect(journey.steps).toHaveLength(4)
  expect(journey.steps[0]).toMatchObject({ name: 'a\\u{a}b', detail: 'x\\u{d}\\u{…' })
  expect(journey.steps.at(-1)?.detail).toMatch(/^\(7 fur/)
  expect(journey.recipients).toHaveLength(2)
})

it('keeps the latest fate of a recipient', () => {
  const { recorder } = record()
  recorder.recipient({ address: 'b@example.com', ...stranger })
  recorder.recipient({ address: 'b@example.com', ...stranger, fate: 'accepted' })
  expect(recorder.finish('accepted').recipients.map(({ fate }) => fate)).toEqual(['accepted'])
})
