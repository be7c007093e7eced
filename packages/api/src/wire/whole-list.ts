import { z } from 'zod'
import { decodeCursor } from './cursor.ts'
import { DEFAULT_LIMIT, toPage, type Page } from './envelope.ts'

const keySchema = z.tuple([z.number(), z.string()])

/** The sort key of a row: its place, and its name to order rows with the same place. */
export type PlaceKey = z.output<typeof keySchema>

/**
 * A page of a list that is short enough to load as a whole: folders, sessions, DNS records. Rows are sorted by keys that never change,
 * so that the next page continues correctly even if the last row of the previous one is gone.
 */
export const pageOf = <Row, Item>(
  rows: readonly Row[],
  { limit = DEFAULT_LIMIT, cursor }: { limit?: number | undefined; cursor?: string | undefined },
  toItem: (row: Row) => Item,
  keyOf: (row: Row, at: number) => PlaceKey,
): Page<Item> => {
  const after = decodeCursor(keySchema, cursor)
  const placed = rows.map((row, at) => ({ row, key: keyOf(row, at) })).sort((a, b) => compare(a.key, b.key))
  const left = after === null ? placed : placed.filter(({ key }) => compare(key, after) > 0)
  return toPage(
    left.slice(0, limit + 1),
    limit,
    ({ row }) => toItem(row),
    ({ key }) => key,
  )
}

const compare = ([placeA, nameA]: PlaceKey, [placeB, nameB]: PlaceKey): number =>
  placeA - placeB || (nameA < nameB ? -1 : nameA > nameB ? 1 : 0)
