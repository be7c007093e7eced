import type { InfiniteData } from '@tanstack/react-query'

import type { MessageItem } from '#lib/types.ts'

export type MessagePage = { data: MessageItem[]; pagination: { cursor: string | null; has_more: boolean } }
export type MessagePages = InfiniteData<MessagePage, string | null>

/** The rows of all loaded pages, each message once. */
export function rowsOf(pages: Pick<MessagePages, 'pages'> | undefined): MessageItem[] {
  const seen = new Set<string>()
  return (pages?.pages ?? []).flatMap((page) =>
    page.data.filter(({ id }) => {
      if (seen.has(id)) return false
      seen.add(id)
      return true
    }),
  )
}

/** Changes each message that `change` does not leave as it is; null takes it out of the list. */
export function mapRows(pages: MessagePages, change: (message: MessageItem) => MessageItem | null): MessagePages {
  return {
    ...pages,
    pages: pages.pages.map((page) => ({
      ...page,
      data: page.data.flatMap((message) => {
        const next = change(message)
        return next === null ? [] : [next]
      }),
    })),
  }
}

/** Newest first; of the same instant, the larger id first: the order of the API. */
export function compareRows(a: MessageItem, b: MessageItem): number {
  if (a.received_at !== b.received_at) return a.received_at < b.received_at ? 1 : -1
  return a.id === b.id ? 0 : a.id < b.id ? 1 : -1
}

/**
 * Joins a freshly read first page into the loaded ones: what is new comes in on top, what changed is changed, and what
 * the fresh page should contain but does not has left the list. Pages further down, and their cursors, stay.
 */
export function mergeHead(pages: MessagePages, head: MessagePage): MessagePages {
  const [first] = pages.pages
  const last = head.data.at(-1)
  if (first === undefined || last === undefined || !head.pagination.has_more) {
    return { pages: [head], pageParams: [null] }
  }
  const below = (message: MessageItem) => compareRows(message, last) > 0
  const rest = pages.pages.map((page) => ({ ...page, data: page.data.filter(below) }))
  const [top, ...others] = rest
  const merged = { data: [...head.data, ...(top?.data ?? [])], pagination: first.pagination }
  // The loaded pages may all lie within the fresh one: then the fresh cursor is the one to go on from.
  const reachesBelow = rest.some((page) => page.data.length > 0)
  return reachesBelow ? { ...pages, pages: [merged, ...others] } : { pages: [head], pageParams: [null] }
}
