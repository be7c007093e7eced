import { expect, it } from 'vitest'
import { pageOf, type PlaceKey } from './whole-list.ts'

const byPlace = (row: PlaceKey): PlaceKey => row
const nameOf = ([, name]: PlaceKey): string => name
const ROWS: PlaceKey[] = [
  [2, 'c'],
  [1, 'b'],
  [1, 'a'],
  [3, 'd'],
]

it('pages a list to its end in the order of its keys', () => {
  const first = pageOf(ROWS, { limit: 3 }, nameOf, byPlace)
  expect(first).toMatchObject({ data: ['a', 'b', 'c'], pagination: { has_more: true } })
  const cursor = first.pagination.cursor ?? undefined
  expect(pageOf(ROWS, { limit: 3, cursor }, nameOf, byPlace)).toEqual({
    data: ['d'],
    pagination: { cursor: null, has_more: false },
  })
})

it('continues after a row that is gone', () => {
  const cursor = pageOf(ROWS, { limit: 2 }, nameOf, byPlace).pagination.cursor ?? undefined
  const left = ROWS.filter(([, name]) => name !== 'b')
  expect(pageOf(left, { limit: 2, cursor }, nameOf, byPlace).data).toEqual(['c', 'd'])
})
