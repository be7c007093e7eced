import type { InfiniteData } from '@tanstack/react-query'

import type { MessageItem } from '#lib/types.ts'

export type MessagePage = {
  data: MessageItem[]
  pagination: { cursor: string | null; has_more: boolean }
  /** Something may have changed in it since it was read. */
  stale?: boolean
}
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

/** The rows with one more at its place among them. */
export function withRow(rows: readonly MessageItem[], row: MessageItem): MessageItem[] {
  const at = rows.findIndex((other) => compareRows(other, row) > 0)
  return at < 0 ? [...rows, row] : rows.toSpliced(at, 0, row)
}

/**
 * Joins a page that was read again into the loaded ones: what is new in its range comes in, what changed is changed, and
 * what it should contain but does not has left the list. What is below its range stays, and is `stale` from now on. When
 * nothing loaded is within its range there may be more between the two than was read: then the list ends with it.
 */
export function mergePage({ pages, pageParams }: MessagePages, index: number, fresh: MessagePage): MessagePages {
  const end = { pages: [...pages.slice(0, index), fresh], pageParams: pageParams.slice(0, index + 1) }
  const last = fresh.data.at(-1)
  if (last === undefined || !fresh.pagination.has_more) return end
  const isBelow = (message: MessageItem) => compareRows(message, last) > 0
  const loaded = pages.slice(index)
  if (loaded.every(({ data }) => data.every(isBelow))) return end

  const below = loaded.flatMap((page, offset) => {
    const data = page.data.filter(isBelow)
    return data.length === 0
      ? []
      : [{ param: pageParams[index + offset] ?? null, page: { ...page, data, stale: true } }]
  })
  const [rest, next, ...others] = below
  if (rest === undefined) return end
  // What the fresh page pushed out goes to the next one, so that every page goes on where the one before it ended.
  const pushed =
    next === undefined ? [rest] : [{ ...next, page: { ...next.page, data: [...rest.page.data, ...next.page.data] } }]
  const after = [...pushed, ...others]
  return {
    pages: [...end.pages, ...after.map(({ page }) => page)],
    pageParams: [...end.pageParams, fresh.pagination.cursor, ...after.slice(1).map(({ param }) => param)],
  }
}
