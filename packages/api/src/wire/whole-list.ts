import { z } from 'zod'
import { decodeCursor } from './cursor.ts'
import { DEFAULT_LIMIT, toPage, type Page } from './envelope.ts'

const cursorSchema = z.tuple([z.string()])

/**
 * A page of a list that is short enough to be held whole: sessions, DNS records.
 * @param nameOf what tells an item from the others; the cursor is the last shown one's
 */
export const pageOf = <Item>(
  items: readonly Item[],
  { limit = DEFAULT_LIMIT, cursor }: { limit?: number | undefined; cursor?: string | undefined },
  nameOf: (item: Item) => string,
): Page<Item> => {
  const after = decodeCursor(cursorSchema, cursor)?.[0]
  const start = after === undefined ? 0 : items.findIndex((item) => nameOf(item) === after) + 1
  return toPage(
    items.slice(start, start + limit + 1),
    limit,
    (item) => item,
    (item) => [nameOf(item)],
  )
}
