import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Slot, Slots } from './slots.ts'

const LEND_MS = 1000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Places, and a way to fill them with attempts of a user that only wait. */
function bench(most: number) {
  const slots = new Slots({ size: () => 2, most, lendAfterMs: LEND_MS })
  const hang = async (userId: string | null, count: number, tenantId = 'tnt_1'): Promise<Slot[]> => {
    const taken: Slot[] = []
    for (let at = 0; at < count; at += 1) {
      const slot = await slots.enter(false, [userId ?? 'nobody'])
      if (slot === null) throw new Error('the places are closed')
      slot.serve({ userId, tenantId })
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
  expect(slots.crowding.userIds).toEqual([])
  const [last] = await hang('usr_a', 1)
  expect(slots.crowding.userIds).toEqual(['usr_a'])
  await hang('usr_b', 15)
  expect(slots.crowding.userIds).toEqual(['usr_a'])
  await hang('usr_b', 1)
  expect(slots.crowding.userIds).toEqual(['usr_a', 'usr_b'])
  for (const slot of [first, last]) slot?.leave()
  expect(slots.crowding.userIds).toEqual(['usr_a'])
})

it('counts an attempt for its user also if it lasted long before that was known, and none that is nobody’s', async () => {
  const { slots, hang } = bench(4)
  const slot = await slots.enter(true, ['usr_a'])
  vi.advanceTimersByTime(LEND_MS)
  expect(slots.crowding.userIds).toEqual([])
  slot?.serve({ userId: 'usr_a', tenantId: 'tnt_1' })
  expect(slots.crowding.userIds).toEqual(['usr_a'])
  slot?.leave()
  await hang(null, 3)
  expect(slots.crowding.userIds).toEqual([])
})

it('counts no attempt that is over soon', async () => {
  const { slots } = bench(4)
  const slot = await slots.enter(true, ['usr_a'])
  slot?.serve({ userId: 'usr_a', tenantId: 'tnt_1' })
  slot?.leave()
  vi.advanceTimersByTime(LEND_MS)
  expect(slots.crowding.userIds).toEqual([])
})

it('O31 gives places to owners in turn, among sites that are known and among others, whoever came first', async () => {
  const slots = new Slots({ size: () => 1, most: 10, lendAfterMs: LEND_MS })
  const first = await slots.enter(false, ['usr_a'])
  const order: string[] = []
  const wait = (isKnown: boolean, name: string, ...owners: [string, ...string[]]): void =>
    void slots.enter(isKnown, owners).then((slot) => {
      order.push(name)
      slot?.leave()
    })
  for (const at of [1, 2, 3]) wait(false, `a${at}`, 'usr_a')
  wait(false, 'b1', 'usr_b')
  wait(false, 'shared', 'usr_a', 'usr_c')
  wait(false, 'b2', 'usr_b')
  for (const at of [1, 2]) wait(true, `known${at}`, 'usr_a')
  first?.leave()
  await vi.waitFor(() => expect(order).toHaveLength(8))
  expect(order.filter((name) => !name.startsWith('known'))).toEqual(['a1', 'b1', 'shared', 'a2', 'b2', 'a3'])
  expect(order.slice(0, 4).filter((name) => name.startsWith('known'))).toHaveLength(2)
})

it('O31 leaves room for other organisations, however many users one has', async () => {
  const { slots, hang } = bench(100)
  for (let at = 0; at < 74; at += 1) await hang(`usr_${at}`, 1)
  expect(slots.crowding.tenantIds).toEqual([])
  await hang(null, 1)
  expect(slots.crowding.tenantIds).toEqual(['tnt_1'])
  await hang('usr_z', 5, 'tnt_2')
  expect(slots.crowding).toEqual({ userIds: ['usr_z'], tenantIds: ['tnt_1'] })
})
