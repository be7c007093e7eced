import type { InfiniteData } from '@tanstack/react-query'

import type { MessageItem } from '#lib/types.ts'

export type MessagePage = {
  data: MessageItem[]
  pagination: { cursor: string | null; has_more: boolean }
  /** It may have changed since it was read. */
  stale?: boolean
}
export type MessagePages = InfiniteData<MessagePage, string | null>

/** The rows of all loaded pages, without duplicates. */
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

/** Maps every row; a row mapped to null is removed from the list. */
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

/** The order of the API: newest first; at the same instant, the larger id first. */
export function compareRows(a: MessageItem, b: MessageItem): number {
  if (a.received_at !== b.received_at) return a.received_at < b.received_at ? 1 : -1
  return a.id === b.id ? 0 : a.id < b.id ? 1 : -1
}

/** Inserts a row at its place in the order. */
export function withRow(rows: readonly MessageItem[], row: MessageItem): MessageItem[] {
  const at = rows.findIndex((other) => compareRows(other, row) > 0)
  return at < 0 ? [...rows, row] : rows.toSpliced(at, 0, row)
}

/**
 * Merges a page that was read again into the loaded pages. It replaces the rows in its range: rows missing from it have left
 * the list. Rows below its range stay, in pages that are now `stale`. If no loaded row is within its range, there may be unread
 * rows in between: then the list ends with the fresh page.
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
  // Rows that the fresh page pushed out go to the next page, so that every page continues where the previous one ended.
  const pushed =
    next === undefined ? [rest] : [{ ...next, page: { ...next.page, data: [...rest.page.data, ...next.page.data] } }]
  const after = [...pushed, ...others]
  return {
    pages: [...end.pages, ...after.map(({ page }) => page)],
    pageParams: [...end.pageParams, fresh.pagination.cursor, ...after.slice(1).map(({ param }) => param)],
  }
}
