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

it('goes through all pages, empty ones too', async () => {
  expect(await listOf(pages(turn))).toEqual([1, 2, 3])
})

it('asks for no page that nobody wants', async () => {
  turn.mockClear()
  for await (const item of pages(turn)) if (item === 2) break
  expect(turn).toHaveBeenCalledTimes(1)
})

it('ends where the cursor is not handed on', async () => {
  await expect(listOf(pages(() => turn()))).rejects.toThrow('put the cursor')
})
