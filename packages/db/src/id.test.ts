import { expect, it } from 'vitest'
import { createApartId, createId } from './id.ts'

it('ids of the copies of a message do not tell how many others were made between them', () => {
  // In order, each would be larger than all before: of a hundred drawn apart, about five are.
  const random = Array.from({ length: 100 }, () => createApartId('msg').slice('msg_'.length + 10))
  const rising = random.filter((id, at) => random.slice(0, at).every((earlier) => earlier < id))
  expect(rising.length).toBeLessThan(40)
})

it('other ids sort in the order of the calls', () => {
  const ids = Array.from({ length: 100 }, () => createId('jrn'))
  expect(ids).toEqual([...ids].sort())
})
