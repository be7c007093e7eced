/** A page of a list, as the API returns it. */
export interface PageOf<Item> {
  data: readonly Item[]
  pagination: { cursor: string | null }
}

/**
 * Iterates over a whole list and fetches each page when it is needed.
 * @param ask fetches one page and passes the cursor on: `(cursor) => client.messages.list.query({ q: 'invoice', cursor })`
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
      throw new TypeError('The same page came twice: pass the cursor that `pages` gives you on to the query.')
    }
    cursor = next
  } while (cursor !== undefined)
}
