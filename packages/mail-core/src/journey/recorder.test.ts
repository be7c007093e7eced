import { expect, it } from 'vitest'
import { fakeClock } from '../testing/index.ts'
import { JourneyRecorder } from './index.ts'

function record(limits: { maxSteps?: number; maxDetail?: number } = {}) {
  const clock = fakeClock()
  return { clock, recorder: new JourneyRecorder({ id: 'jrn_x', direction: 'inbound', now: clock.now, ...limits }) }
}

it('tells the steps with their times', () => {
  const { clock, recorder } = record()
  recorder.step('connect', 'connect', 'ok', '192.0.2.1')
  clock.advance(15)
  recorder.step('rcpt', 'recipient', 'refused', 'unknown')
  clock.advance(5)
  expect(recorder.finish('refused', '550')).toEqual({
    id: 'jrn_x',
    direction: 'inbound',
    status: 'refused',
    startedAt: new Date('2026-01-02T03:04:05.000Z'),
    endedAt: new Date('2026-01-02T03:04:05.020Z'),
    steps: [
      { at: '2026-01-02T03:04:05.000Z', ms: 0, kind: 'connect', name: 'connect', result: 'ok', detail: '192.0.2.1' },
      { at: '2026-01-02T03:04:05.015Z', ms: 15, kind: 'rcpt', name: 'recipient', result: 'refused', detail: 'unknown' },
      { at: '2026-01-02T03:04:05.020Z', ms: 20, kind: 'end', name: 'refused', result: 'refused', detail: '550' },
    ],
  })
})

it('makes a step that it does not keep', () => {
  const { clock, recorder } = record()
  clock.advance(7)
  expect(recorder.make('rcpt', 'a@example.com', 'ok')).toMatchObject({ ms: 7, name: 'a@example.com', detail: '' })
  expect(recorder.finish('accepted').steps).toHaveLength(1)
})

it('stays small and readable whatever is put in', () => {
  const { recorder } = record({ maxSteps: 3, maxDetail: 40 })
  for (let index = 0; index < 10; index += 1) recorder.step('mail', 'a\nb', 'info', 'x\r\n'.repeat(100))
  const journey = recorder.finish('aborted', 'gone')
  expect(journey.steps).toHaveLength(4)
  expect(journey.steps[0]).toMatchObject({ name: 'a\\u{a}b', detail: `${'x\\u{d}\\u{a}'.repeat(3)}x\\u{d}…` })
  expect(journey.steps.at(-1)).toMatchObject({ kind: 'end', result: 'failed', detail: 'gone (7 steps were not kept)' })
})
