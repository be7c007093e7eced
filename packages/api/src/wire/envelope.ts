import { z } from 'zod'
import { LIMITS } from '../contract/limits.ts'
import { encodeCursor } from './cursor.ts'
import { queryInt } from './scalars.ts'
import { flag, lineOrNull, wireId, word } from './words.ts'

export const DEFAULT_LIMIT = LIMITS.page.usual

/** The two paging inputs of every list; spread them into its strict object. */
export const page = {
  limit: word(queryInt(1, LIMITS.page.max), 'Maximum number of entries on a page.', 50).optional(),
  cursor: word(
    z.string().min(1).max(1024),
    'The `pagination.cursor` of the previous page; keep the same filters and sort.',
    'x3f9Kq0aLmE.WyJkb21f',
  ).optional(),
}

const RESULT = 'The result.'

/** Output of a single resource: `{ data }`. */
export const one = <Item extends z.ZodType>(item: Item) => z.object({ data: word(item, RESULT) })

const idOnly = z.object({ id: wireId('dom') })
/** The answer to a change by a caller who may write the resource but not read it. */
export type IdOnly = z.output<typeof idOnly>

/** The answer to a change: the resource, or only its id for callers who may write but not read it. */
export const orIdOnly = <Item extends z.ZodType>(item: Item) => z.union([item, idOnly])

/** Output of a list: `{ data, pagination }`. */
export const listOutput = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: word(z.array(item), RESULT),
    pagination: word(
      z.object({
        cursor: lineOrNull('Send it as `cursor` to get the next page; null on the last one.'),
        has_more: flag('Whether there is another page.', false),
      }),
      'How to get the next page.',
    ),
  })

/** Output of a removal. */
export const removalSchema = z.object({ id: wireId('dom'), deleted: word(z.literal(true), 'Always true.', true) })
export type Removal = z.output<typeof removalSchema>

/** The input of verbs that need none. */
export const nothing = z.strictObject({})

export interface Page<Item> {
  data: Item[]
  pagination: { cursor: string | null; has_more: boolean }
}

/**
 * Makes a page of `limit + 1` rows: the extra row only shows that there are more.
 * @param keyOf the sort key of a row, for the cursor
 */
export const toPage = <Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  keyOf: (row: Row) => unknown,
): Page<Item> => {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = rows.length > limit
  return {
    data: shown.map(toItem),
    pagination: { cursor: hasMore && last !== undefined ? encodeCursor(keyOf(last)) : null, has_more: hasMore },
  }
}
