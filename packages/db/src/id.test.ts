import { expect, it } from 'vitest'
import { createId } from './id.ts'

it('ids of the copies of a message do not tell how many others were made between them', () => {
  // In order, half of them would be larger than all before: of a hundred drawn apart, about five are.
  for (const prefix of ['msg', 'thr'] as const) {
    const ids = Array.from({ length: 100 }, () => createId(prefix).slice(prefix.length + 11))
    const rising = ids.filter((id, at) => ids.slice(0, at).every((earlier) => earlier < id))
    expect(rising.length).toBeLessThan(40)
  }
})

it('other ids sort in the order of the calls', () => {
  const ids = Array.from({ length: 100 }, () => createId('jrn'))
  expect(ids).toEqual([...ids].sort())
})
