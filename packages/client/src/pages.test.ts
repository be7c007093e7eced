import { expect, it, vi } from 'vitest'
import { type PageOf, pages } from './pages.ts'

const BOOK: Record<string, PageOf<number>> = {
  first: { data: [1, 2], pagination: { cursor: 'second' } },
  second: { data: [], pagination: { cursor: 'third' } },
  third: { data: [3], pagination: { cursor: null } },
}
const turn = vi.fn((cursor: string | undefined = 'first') =>
  Promise.resolve(BOOK[cursor] ?? { data: [], pagination: { cursor: null } }),
)

const listOf = async (items: AsyncIterable<number>): Promise<number[]> => {
  const list: number[] = []
  for await (const item of items) list.push(item)
  return list
}

it('iterates over all pages, including empty ones', async () => {
  expect(await listOf(pages(turn))).toEqual([1, 2, 3])
})

it('fetches no page before it is needed', async () => {
  turn.mockClear()
  for await (const item of pages(turn)) if (item === 2) break
  expect(turn).toHaveBeenCalledTimes(1)
})

it('fails if the cursor is not passed on', async () => {
  await expect(listOf(pages(() => turn()))).rejects.toThrow('pass the cursor')
})
