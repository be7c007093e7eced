import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { makeMessage } from '#testing/messages.ts'

import { compareRows, mapRows, mergePage, rowsOf, type MessagePage, type MessagePages } from './pages.ts'

const page = (numbers: readonly number[], cursor: string | null = 'more'): MessagePage => ({
  data: numbers.map((n) => makeMessage(n)),
  pagination: { cursor, has_more: cursor !== null },
})
const loaded = (...pages: MessagePage[]): MessagePages => ({
  pages,
  pageParams: [null, ...pages.slice(1).map((_, index) => `c${String(index)}`)],
})
const numbers = (pages: MessagePages) => rowsOf(pages).map(({ id }) => Number(id.slice(4)))

test('new messages appear on top and the rest stays', () => {
  const merged = mergePage(loaded(page([9, 8, 7], 'c7'), page([6, 5, 4], 'c4')), 0, page([11, 10, 9], 'c9'))
  expect(numbers(merged)).toEqual([11, 10, 9, 8, 7, 6, 5, 4])
  expect(merged.pages.at(-1)?.pagination.cursor).toBe('c4')
})

test('a message that is missing from the fresh page has left the list', () => {
  expect(numbers(mergePage(loaded(page([9, 8, 7, 6])), 0, page([9, 7])))).toEqual([9, 7, 6])
})

test('rows take on changes made elsewhere', () => {
  const head = page([9, 8])
  const [first] = head.data
  const merged = mergePage(loaded(page([9, 8, 7])), 0, {
    ...head,
    data: [{ ...(first ?? makeMessage(9)), seen: true }, ...head.data.slice(1)],
  })
  expect(rowsOf(merged).map(({ seen }) => seen)).toEqual([true, false, false])
})

test('a fresh page that is the whole list replaces it', () => {
  expect(mergePage(loaded(page([9, 8]), page([7])), 0, page([9], null))).toEqual(loaded(page([9], null)))
  expect(numbers(mergePage(loaded(page([9, 8])), 0, page([], null)))).toEqual([])
})

test('when the fresh page covers everything that was loaded, the list continues after it', () => {
  const merged = mergePage(loaded(page([11, 10], 'old')), 0, page([13, 12, 11, 10], 'fresh'))
  expect(numbers(merged)).toEqual([13, 12, 11, 10])
  expect(merged.pages.at(-1)?.pagination.cursor).toBe('fresh')
})

test('when the fresh page does not reach the loaded rows, no gap is left between them', () => {
  const merged = mergePage(loaded(page([9, 8], 'c8'), page([7, 6], 'c6')), 0, page([14, 13, 12], 'c12'))
  expect(merged).toEqual(loaded(page([14, 13, 12], 'c12')))
})

test('pages below the fresh page are stale, and each page continues where the previous one ended', () => {
  const list = loaded(page([9, 8], 'c8'), page([7, 6], 'c6'), page([5, 4], 'c4'))
  const merged = mergePage(list, 0, page([10, 9], 'c9'))
  expect(merged.pages.map(({ data, stale }) => [data.map(({ id }) => Number(id.slice(4))), stale])).toEqual([
    [[10, 9], undefined],
    [[8, 7, 6], true],
    [[5, 4], true],
  ])
  expect(merged.pageParams).toEqual([null, 'c9', 'c1'])
  const again = mergePage(merged, 1, page([8, 6], 'c6'))
  expect(numbers(again)).toEqual([10, 9, 8, 6, 5, 4])
  expect(again.pages.map(({ stale }) => stale)).toEqual([undefined, undefined, true])
})

test('a loaded list equals the list on the server once all its stale pages have been read again', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 30 })
  fc.assert(
    fc.property(ids, ids, fc.integer({ min: 1, max: 5 }), fc.nat(6), (before, after, size, more) => {
      const server = (all: readonly number[], cursor: string | null): MessagePage => {
        const below = all.toSorted((a, b) => b - a).filter((n) => cursor === null || n < Number(cursor))
        const shown = below.slice(0, size)
        return page(shown, below.length > size ? String(shown.at(-1)) : null)
      }
      const readOn = (list: MessagePages, all: readonly number[], pages: number): MessagePages => {
        const cursor = list.pages.at(-1)?.pagination.cursor
        if (pages === 0 || (cursor ?? null) === null) return list
        const next = {
          pages: [...list.pages, server(all, cursor ?? null)],
          pageParams: [...list.pageParams, cursor ?? null],
        }
        return readOn(next, all, pages - 1)
      }
      let list = readOn(loaded(server(before, null)), before, more)
      for (let index = 0; index >= 0; index = list.pages.findIndex(({ stale }) => stale === true))
        list = mergePage(list, index, server(after, list.pageParams[index] ?? null))
      expect(numbers(readOn(list, after, 40))).toEqual(after.toSorted((a, b) => b - a))
    }),
  )
})

test('a message that is in two pages, because new ones arrived between the reads, is shown once', () => {
  expect(numbers(loaded(page([9, 8, 7]), page([7, 6])))).toEqual([9, 8, 7, 6])
  expect(rowsOf(undefined)).toEqual([])
})

test('rows are changed or removed', () => {
  const changed = mapRows(loaded(page([9, 8]), page([7])), (row) =>
    row.id.endsWith('8') ? null : { ...row, starred: true },
  )
  expect(rowsOf(changed).map(({ starred }) => starred)).toEqual([true, true])
})

test('rows have the order of the API', () => {
  const [a, b, c] = [makeMessage(1), makeMessage(2), { ...makeMessage(3), received_at: makeMessage(2).received_at }]
  expect([a, b, c].sort(compareRows)).toEqual([c, b, a])
  expect(compareRows(a, a)).toBe(0)
})
