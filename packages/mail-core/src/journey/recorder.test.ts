import { expect, it } from 'vitest'
import { fakeClock } from '../testing/index.ts'
import { endingFor, foldStatuses, JourneyRecorder, readStep, UNNAMED } from './index.ts'

function record(limits: { maxSteps?: number; maxRecipientSteps?: number; maxDetail?: number } = {}) {
  const clock = fakeClock()
  return { clock, recorder: new JourneyRecorder({ id: 'jrn_x', direction: 'inbound', now: clock.now, ...limits }) }
}

it('records the steps with their times and recipients', () => {
  const { clock, recorder } = record()
  recorder.step('connect', 'connect', 'ok', '192.0.2.1')
  clock.advance(15)
  recorder.step('rcpt', 'a@b.example', 'refused', 'unknown', 'a@b.example')
  clock.advance(5)
  const at = (ms: number) => ({ at: `2026-01-02T03:04:05.0${String(ms).padStart(2, '0')}Z`, ms })
  expect(recorder.finish('refused', '550')).toEqual({
    id: 'jrn_x',
    direction: 'inbound',
    status: 'refused',
    startedAt: new Date('2026-01-02T03:04:05.000Z'),
    endedAt: new Date('2026-01-02T03:04:05.020Z'),
    steps: [
      { ...at(0), kind: 'connect', name: 'connect', result: 'ok', detail: '192.0.2.1', recipient: null },
      {
        ...at(15),
        kind: 'rcpt',
        name: 'a@b.example',
        result: 'refused',
        detail: 'unknown',
        recipient: 'a@b.example',
      },
      { ...at(20), kind: 'end', name: 'refused', result: 'refused', detail: '550', recipient: null },
    ],
  })
})

it('keeps the steps in order, whatever the clock says', () => {
  const { clock, recorder } = record()
  clock.advance(50)
  recorder.step('rcpt', 'a@b.example', 'ok', '', 'a@b.example')
  clock.advance(-40)
  recorder.step('data', 'DATA', 'ok')
  expect(recorder.finish('accepted').steps.map(({ kind }) => kind)).toEqual(['rcpt', 'data', 'end'])
})

it('stays small and readable for any input', () => {
  const { recorder } = record({ maxSteps: 3, maxDetail: 40 })
  for (let index = 0; index < 10; index += 1) recorder.step('mail', 'a\nb', 'info', 'x\r\n'.repeat(100))
  const journey = recorder.finish('aborted', 'gone')
  expect(journey.steps).toHaveLength(4)
  expect(journey.steps[0]).toMatchObject({ name: 'a\\u{a}b', detail: `${'x\\u{d}\\u{a}'.repeat(3)}x\\u{d}…` })
  expect(journey.steps.at(-1)).toMatchObject({ kind: 'end', result: 'failed', detail: 'gone (7 steps were not kept)' })
})

it('never lets many recipients crowd out steps of the whole transaction', () => {
  const { recorder } = record({ maxRecipientSteps: 2 })
  for (let index = 0; index < 10; index += 1) recorder.step('rcpt', 'x', 'ok', '', `${index}@b.example`)
  recorder.step('data', 'DATA', 'ok')
  expect(recorder.finish('accepted').steps.map(({ recipient }) => recipient)).toEqual([
    '0@b.example',
    '1@b.example',
    null,
    UNNAMED,
    null,
  ])
})

it('tells a recipient neither of steps about others nor how many there were', () => {
  const { recorder } = record({ maxRecipientSteps: 2 })
  for (let index = 0; index < 10; index += 1) recorder.step('rcpt', 'x', 'ok', '', `${index}@b.example`)
  const { steps } = recorder.finish('accepted', '250')
  expect(steps.at(-1)).toMatchObject({ kind: 'end', detail: '250', recipient: null })
  expect(steps.at(-2)).toMatchObject({ detail: '8 steps were not kept', recipient: UNNAMED })
})

it('keeps what is behind recipients, whatever there is of others', () => {
  const { recorder } = record({ maxRecipientSteps: 2 })
  const behind = { through: 'list\\@b.example', ownerRole: 'user' }
  for (let index = 0; index < 5; index += 1) recorder.step('rcpt', 'x', 'ok', '', `${index}@b.example`, behind)
  for (let index = 0; index < 3; index += 1) recorder.step('rcpt', 'y', 'ok', '', `${index}@c.example`)
  const { steps } = recorder.finish('accepted', '250')
  expect(steps.map(({ name }) => name).join(' ')).toBe('x x x x x y y more steps accepted')
  expect(steps[0]).toMatchObject({ behind: { through: 'list\\\\@b.example', ownerRole: 'user' } })
  expect(steps.at(-2)).toMatchObject({ detail: '1 steps were not kept', recipient: UNNAMED })
})

it('keeps at most 200 steps and the last by default', () => {
  const { recorder } = record()
  for (let index = 0; index < 2000; index += 1) {
    recorder.step('rcpt', 'x', 'ok', '', `${index}@b.example`)
    recorder.step('data', 'DATA', 'ok')
  }
  expect(recorder.finish('accepted').steps).toHaveLength(202)
})

it('ends for those who see some recipients with their status', () => {
  const { recorder } = record()
  recorder.step('mail', 'partial', 'ok')
  const [mail, end] = recorder.finish('partial', '250').steps.map((step) => endingFor(step, 'refused'))
  expect(mail).toMatchObject({ name: 'partial', result: 'ok' })
  expect(end).toMatchObject({ name: 'refused', result: 'refused' })
})

it('has their status when all recipients agree, else partial', () => {
  expect(foldStatuses(['queued', 'queued'], 'accepted')).toBe('queued')
  expect(foldStatuses(['delivered', 'bounced'], 'accepted')).toBe('partial')
  expect(foldStatuses([], 'aborted')).toBe('aborted')
})

it('takes the recipient of an older step from its name', () => {
  const old = { at: '', ms: 0, name: 'a@b.example', result: 'ok', detail: '' } as const
  expect(readStep({ ...old, kind: 'rcpt' }).recipient).toBe('a@b.example')
  expect(readStep({ ...old, kind: 'mail' }).recipient).toBeNull()
  expect(readStep({ ...old, kind: 'rcpt', recipient: null }).recipient).toBeNull()
})
