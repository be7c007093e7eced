import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Slot, Slots } from './slots.ts'

const LEND_MS = 1000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Places, and a way to fill them with attempts of a user that only wait. */
function bench(most: number) {
  const slots = new Slots({ size: () => 2, most, lendAfterMs: LEND_MS })
  const hang = async (userId: string | null, count: number): Promise<Slot[]> => {
    const taken: Slot[] = []
    for (let at = 0; at < count; at += 1) {
      const slot = await slots.enter(false)
      if (slot === null) throw new Error('the places are closed')
      slot.serve(userId)
      taken.push(slot)
      vi.advanceTimersByTime(LEND_MS)
    }
    return taken
  }
  return { slots, hang }
}

it('O31 a user crowds others with a quarter as many long attempts as there are free places', async () => {
  const { slots, hang } = bench(100)
  const [first] = await hang('usr_a', 19)
  expect(slots.crowding).toEqual([])
  const [last] = await hang('usr_a', 1)
  expect(slots.crowding).toEqual(['usr_a'])
  await hang('usr_b', 15)
  expect(slots.crowding).toEqual(['usr_a'])
  await hang('usr_b', 1)
  expect(slots.crowding).toEqual(['usr_a', 'usr_b'])
  for (const slot of [first, last]) slot?.leave()
  expect(slots.crowding).toEqual(['usr_a'])
})

it('counts an attempt for its user also if it lasted long before that was known, and none that is nobody’s', async () => {
  const { slots, hang } = bench(4)
  const slot = await slots.enter(true)
  vi.advanceTimersByTime(LEND_MS)
  expect(slots.crowding).toEqual([])
  slot?.serve('usr_a')
  expect(slots.crowding).toEqual(['usr_a'])
  slot?.leave()
  await hang(null, 3)
  expect(slots.crowding).toEqual([])
})

it('counts no attempt that is over soon', async () => {
  const { slots } = bench(4)
  const slot = await slots.enter(true)
  slot?.serve('usr_a')
  slot?.leave()
  vi.advanceTimersByTime(LEND_MS)
  expect(slots.crowding).toEqual([])
})
