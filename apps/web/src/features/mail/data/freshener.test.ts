import { MutationObserver, QueryClient } from '@tanstack/react-query'
import { expect, test, vi } from 'vitest'

import { makeMessage } from '#testing/messages.ts'

import { makeFreshener } from './freshener.ts'
import { rowsOf, type MessagePage, type MessagePages } from './pages.ts'
import { MAIL_MUTATION } from './pending.ts'
import { listKey, type ReadPage } from './queries.ts'

const FILTER = { mailbox: 'hana@example.com', folder: 'inbox' }
const KEY = listKey(FILTER)
const PAGE = 2

/** A list with pages of two rows, of a mailbox that the test changes. */
function makeList(numbers: number[]) {
  const queryClient = new QueryClient()
  const server = { numbers }
  const read = (cursor: string | null): MessagePage => {
    const below = server.numbers.filter((n) => cursor === null || n < Number(cursor))
    const data = below.slice(0, PAGE).map((n) => makeMessage(n))
    const more = below.length > PAGE
    return { data, pagination: { cursor: more ? String(below[PAGE - 1]) : null, has_more: more } }
  }
  const pages = [read(null)]
  const cursors: (string | null)[] = [null]
  for (let cursor = pages[0]?.pagination.cursor ?? null; cursor !== null;) {
    const page = read(cursor)
    pages.push(page)
    cursors.push(cursor)
    cursor = page.pagination.cursor
  }
  queryClient.setQueryData<MessagePages>(KEY, { pages, pageParams: cursors })
  const readPage = vi.fn<ReadPage>((_filter, { cursor }) => Promise.resolve(read(cursor)))
  const freshener = makeFreshener({ queryClient, readPage, filter: FILTER, onFresh: () => undefined })
  return {
    queryClient,
    server,
    readPage,
    freshener,
    shown: () => rowsOf(queryClient.getQueryData<MessagePages>(KEY)).map(({ id }) => Number(id.slice(4))),
    cursors: () => readPage.mock.calls.map(([, { cursor }]) => cursor),
  }
}
const ids = (...numbers: number[]) => new Set(numbers.map((n) => makeMessage(n).id))

test('rows below the first page are refreshed when they are in view, and only then', async () => {
  const list = makeList([9, 8, 7, 6, 5, 4])
  list.server.numbers = [9, 8, 7, 4]
  await list.freshener.refresh()
  expect(list.cursors()).toEqual([null])
  expect(list.shown()).toEqual([9, 8, 7, 6, 5, 4])
  await list.freshener.look(ids(7, 6))
  expect(list.cursors()).toEqual([null, '8'])
  expect(list.shown()).toEqual([9, 8, 7, 4])
  await list.freshener.look(ids(8, 7))
  expect(list.readPage).toHaveBeenCalledTimes(2)
})

test('nothing is read while a change is pending, and the refresh follows afterwards', async () => {
  const list = makeList([9, 8, 7])
  const held = Promise.withResolvers<undefined>()
  const change = new MutationObserver(list.queryClient, {
    mutationKey: MAIL_MUTATION,
    mutationFn: () => held.promise,
  }).mutate()
  list.server.numbers = [10, 9, 8, 7]
  await list.freshener.refresh()
  expect(list.readPage).not.toHaveBeenCalled()
  held.resolve(undefined)
  await change
  await list.freshener.run()
  expect(list.shown()).toEqual([10, 9, 8, 7])
})

test('a page that was being read when a change began is discarded and read again', async () => {
  const list = makeList([9, 8, 7])
  const held = Promise.withResolvers<undefined>()
  const answer = Promise.withResolvers<MessagePage>()
  list.readPage.mockReturnValueOnce(answer.promise)
  const reading = list.freshener.refresh()
  const change = new MutationObserver(list.queryClient, {
    mutationKey: MAIL_MUTATION,
    mutationFn: () => held.promise,
  }).mutate()
  answer.resolve({ data: [], pagination: { cursor: null, has_more: false } })
  await reading
  expect(list.shown()).toEqual([9, 8, 7])
  held.resolve(undefined)
  await change
  list.server.numbers = [9, 7]
  await list.freshener.run()
  expect(list.shown()).toEqual([9, 7])
})

test('a page that was being read while a change began and ended is discarded and read again', async () => {
  const list = makeList([9, 8, 7])
  const answer = Promise.withResolvers<MessagePage>()
  list.readPage.mockReturnValueOnce(answer.promise)
  const reading = list.freshener.refresh()
  await new MutationObserver(list.queryClient, {
    mutationKey: MAIL_MUTATION,
    mutationFn: () => Promise.resolve(),
  }).mutate()
  list.server.numbers = [9, 7]
  answer.resolve({ data: [], pagination: { cursor: null, has_more: false } })
  await reading
  expect(list.readPage).toHaveBeenCalledTimes(2)
  expect(list.shown()).toEqual([9, 7])
})

test('changes that arrive during a read cause one more read', async () => {
  const list = makeList([9, 8, 7])
  const first = list.freshener.refresh()
  list.server.numbers = [11, 10, 9, 8, 7]
  await Promise.all([first, list.freshener.refresh(), list.freshener.refresh()])
  expect(list.readPage).toHaveBeenCalledTimes(2)
  expect(list.shown()).toEqual([11, 10])
})

test('a failed read is retried at the next change', async () => {
  const list = makeList([9, 8])
  list.readPage.mockRejectedValueOnce(new Error('down'))
  await list.freshener.refresh()
  list.server.numbers = [8]
  await list.freshener.refresh()
  expect(list.shown()).toEqual([8])
})
