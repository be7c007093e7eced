import { z } from 'zod'
import { decodeCursor } from './cursor.ts'
import { DEFAULT_LIMIT, toPage, type Page } from './envelope.ts'

const keySchema = z.tuple([z.number(), z.string()])

/** Where a row stands in a list, and its name, which tells rows of one place apart. */
export type PlaceKey = z.output<typeof keySchema>

/**
 * A page of a list that is short enough to be held whole: folders, sessions, DNS records. The list is in the order of its keys, which
 * never change, so that a page goes on where the last one ended even when its last row is gone.
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
