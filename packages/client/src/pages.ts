/** A page of a list, as every list of the API answers. */
export interface PageOf<Item> {
  data: readonly Item[]
  pagination: { cursor: string | null }
}

/**
 * Goes through a list to its end, a page at a time; the next page is asked for when the last one is used up.
 * @param ask asks for one page and hands the cursor on: `(cursor) => client.messages.list.query({ q: 'invoice', cursor })`
 */
export async function* pages<Item>(
  ask: (cursor: string | undefined) => PromiseLike<PageOf<Item>>,
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | undefined
  do {
    const { data, pagination } = await ask(cursor)
    yield* data
    const next = pagination.cursor ?? undefined
    if (next !== undefined && next === cursor) {
      throw new TypeError('The same page came twice: put the cursor that `pages` gives into the query.')
    }
    cursor = next
  } while (cursor !== undefined)
}
