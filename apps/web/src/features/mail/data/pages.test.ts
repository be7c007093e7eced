import { expect, test } from 'vitest'

import { makeMessage } from '#testing/messages.ts'

import { compareRows, mapRows, mergeHead, rowsOf, type MessagePage, type MessagePages } from './pages.ts'

const page = (numbers: readonly number[], cursor: string | null = 'more'): MessagePage => ({
  data: numbers.map((n) => makeMessage(n)),
  pagination: { cursor, has_more: cursor !== null },
})
const loaded = (...pages: MessagePage[]): MessagePages => ({
  pages,
  pageParams: [null, ...pages.slice(1).map((_, index) => `c${String(index)}`)],
})
const numbers = (pages: MessagePages) => rowsOf(pages).map(({ id }) => Number(id.slice(4)))

test('new messages come in on top and the rest stays', () => {
  const merged = mergeHead(loaded(page([9, 8, 7], 'c7'), page([6, 5, 4], 'c4')), page([11, 10, 9], 'c9'))
  expect(numbers(merged)).toEqual([11, 10, 9, 8, 7, 6, 5, 4])
  expect(merged.pages.at(-1)?.pagination.cursor).toBe('c4')
})

test('what should be in the fresh page but is not has left the list', () => {
  expect(numbers(mergeHead(loaded(page([9, 8, 7, 6])), page([9, 7])))).toEqual([9, 7, 6])
})

test('what changed elsewhere is changed', () => {
  const head = page([9, 8])
  const [first] = head.data
  const merged = mergeHead(loaded(page([9, 8, 7])), {
    ...head,
    data: [{ ...(first ?? makeMessage(9)), seen: true }, ...head.data.slice(1)],
  })
  expect(rowsOf(merged).map(({ seen }) => seen)).toEqual([true, false, false])
})

test('a fresh page that is the whole list replaces it', () => {
  expect(mergeHead(loaded(page([9, 8]), page([7])), page([9], null))).toEqual(loaded(page([9], null)))
  expect(numbers(mergeHead(loaded(page([9, 8])), page([], null)))).toEqual([])
})

test('when so much is new that nothing loaded is reached, it goes on from the fresh page', () => {
  const merged = mergeHead(loaded(page([11, 10], 'old')), page([13, 12, 11, 10], 'fresh'))
  expect(numbers(merged)).toEqual([13, 12, 11, 10])
  expect(merged.pages.at(-1)?.pagination.cursor).toBe('fresh')
})

test('a message that is in two pages, because others came in between, is shown once', () => {
  expect(numbers(loaded(page([9, 8, 7]), page([7, 6])))).toEqual([9, 8, 7, 6])
  expect(rowsOf(undefined)).toEqual([])
})

test('rows are changed or taken out', () => {
  const changed = mapRows(loaded(page([9, 8]), page([7])), (row) =>
    row.id.endsWith('8') ? null : { ...row, starred: true },
  )
  expect(rowsOf(changed).map(({ starred }) => starred)).toEqual([true, true])
})

test('the order is the order of the API', () => {
  const [a, b, c] = [makeMessage(1), makeMessage(2), { ...makeMessage(3), received_at: makeMessage(2).received_at }]
  expect([a, b, c].sort(compareRows)).toEqual([c, b, a])
  expect(compareRows(a, a)).toBe(0)
})
