import { expect, it } from 'vitest'
import { internalJourney } from './internal-journey.ts'
import { journeyWeight } from './journey-weight.ts'

const startedAt = new Date('2026-11-01T00:00:00Z')
const open = internalJourney({
  tenantId: 't',
  address: 'a@x',
  sender: '',
  startedAt,
  name: 'n',
  detail: '',
  reply: '',
})
/** The same after its recipient was resolved. */
const small = { ...open, recipients: open.recipients.map((recipient) => ({ ...recipient, ownerRoles: [] })) }

it('a journey weighs more with recipients that are yet to be looked up', () => {
  expect(journeyWeight(open)).toBe(7)
})

it('a journey weighs as many as its rows, recipients and steps', () => {
  expect(journeyWeight(small)).toBe(3)
  const [recipient, step] = [small.recipients[0], small.steps[0]]
  if (recipient === undefined || step === undefined) throw new Error('it has both')
  const many = {
    recipients: Array.from({ length: 50 }, () => recipient),
    steps: Array.from({ length: 60 }, () => step),
  }
  expect(journeyWeight({ ...small, ...many })).toBe(111)
})

it('a journey weighs more with long texts, wherever they are', () => {
  const [recipient, step] = [small.recipients[0], small.steps[0]]
  if (recipient === undefined || step === undefined) throw new Error('it has both')
  const long = 'x'.repeat(5000)
  for (const heavy of [
    { sender: long },
    { helo: long },
    { reply: long },
    { recipients: [{ ...recipient, address: long }] },
    { recipients: [{ ...recipient, reply: long }] },
    { steps: [{ ...step, name: long }] },
    { steps: [{ ...step, detail: long }] },
  ])
    expect(journeyWeight({ ...small, ...heavy })).toBe(13)
})
