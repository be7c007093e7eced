import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BatchItem, MAX_BATCH, planBatches } from './batch.ts'

const item = (rest: Partial<BatchItem & { id: number }> = {}) => ({
  id: 0,
  messageId: 'm',
  site: 's',
  route: '',
  policy: 'p',
  attemptClass: 'first' as const,
  ...rest,
})

describe('O17 a batch', () => {
  it('has the recipients of one message with the same site, route, policy and attempt class', () => {
    const items = [
      item({ id: 1 }),
      item({ id: 2, site: 't' }),
      item({ id: 3 }),
      item({ id: 4, messageId: 'n' }),
      item({ id: 5, route: 'r' }),
      item({ id: 6, policy: 'q' }),
      item({ id: 7, attemptClass: 'retry' }),
    ]
    expect(planBatches(items).map((batch) => batch.map(({ id }) => id))).toEqual([[1, 3], [2], [4], [5], [6], [7]])
  })

  it('has 100 recipients at most', () => {
    const items = Array.from({ length: 250 }, (_, id) => item({ id }))
    expect(planBatches(items).map(({ length }) => length)).toEqual([100, 100, 50])
    expect(planBatches([])).toEqual([])
  })

  it('has every recipient in exactly one, among its like', () => {
    const some = fc.record({
      messageId: fc.constantFrom('m', 'n'),
      site: fc.constantFrom('s', 't", "'),
      route: fc.constantFrom('', 'r'),
      policy: fc.constantFrom('p', 'q'),
      attemptClass: fc.constantFrom('first' as const, 'retry' as const),
    })
    fc.assert(
      fc.property(fc.array(some, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (list, max) => {
        const items = list.map((each, id) => ({ ...each, id }))
        const batches = planBatches(items, max)
        expect(
          batches
            .flat()
            .map(({ id }) => id)
            .sort((a, b) => a - b),
        ).toEqual(items.map(({ id }) => id))
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(Math.min(max, MAX_BATCH))
          expect(new Set(batch.map((each) => JSON.stringify({ ...each, id: 0 }))).size).toBe(1)
        }
      }),
    )
  })
})
