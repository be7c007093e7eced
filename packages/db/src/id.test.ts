import { isId } from '@mairust/mail-core/id'
import { expect, it } from 'vitest'
import { createApartId, createId } from './id.ts'

const at = new Date('2026-01-02T03:04:05.678Z')

it('ids of the copies of a message do not tell how many others were made between them', () => {
  // In order, each would be larger than all before: of a hundred drawn apart, about five are.
  const random = Array.from({ length: 100 }, () => createApartId('msg', at).slice('msg_'.length + 10))
  const rising = random.filter((id, at) => random.slice(0, at).every((earlier) => earlier < id))
  expect(rising.length).toBeLessThan(40)
})

it.each([at, new Date('1969-07-20T20:17:40Z')])(
  'ids of the copies of a message of %s have one time, and are apart',
  (time) => {
    const ids = Array.from({ length: 100 }, () => createApartId('thr', time))
    expect(new Set(ids.map((id) => id.slice(0, 'thr_'.length + 10))).size).toBe(1)
    expect(new Set(ids).size).toBe(100)
    expect(ids.every((id) => isId(id, 'thr'))).toBe(true)
  },
)

it('other ids sort in the order of the calls', () => {
  const ids = Array.from({ length: 100 }, () => createId('jrn'))
  expect(ids).toEqual([...ids].sort())
})
