'use client'

import {
  keepPreviousData,
  skipToken,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  type QueryKey,
} from '@tanstack/react-query'
import { useMemo, useState } from 'react'

import { failureOf } from '#lib/failure.ts'
import type { MessageItem } from '#lib/types.ts'
import { useTRPC, useTRPCClient } from '#trpc/client.tsx'

import type { ListFilter } from '../location.ts'
import { rowsOf, withRow, type MessagePage } from './pages.ts'
import { applyChanges, usePendingChanges } from './pending.ts'

const PAGE_SIZE = 50
const ALL = 100

/** The prefix of the cache keys of all message lists. */
export const LISTS = ['mail', 'messages'] as const
export const listKey = (filter: ListFilter): QueryKey => [...LISTS, filter]

/** The filter in the cache key of a list. */
export function filterOfKey(key: QueryKey): ListFilter {
  return key[LISTS.length] as ListFilter
}

type PageOptions = { cursor: string | null; limit?: number; signal?: AbortSignal }
export type ReadPage = (filter: ListFilter, options: PageOptions) => Promise<MessagePage>

/** Returns a function that reads one page of a list. */
export function useReadPage(): ReadPage {
  const client = useTRPCClient()
  return useMemo(
    () =>
      (filter, { cursor, limit = PAGE_SIZE, signal }) =>
        client.messages.list.query(
          { ...filter, limit, ...(cursor === null ? {} : { cursor }) },
          { ...(signal ? { signal } : {}) },
        ),
    [client],
  )
}

/** Returns a function that reads a whole list in as few calls as possible and reports its progress. */
export function useReadAll() {
  const readPage = useReadPage()
  return useMemo(
    () => async (filter: ListFilter, signal: AbortSignal, onProgress: (count: number) => void) => {
      const rows: MessageItem[] = []
      let cursor: string | null = null
      do {
        const page: MessagePage = await readPage(filter, { cursor, limit: ALL, signal })
        rows.push(...page.data)
        cursor = page.pagination.cursor
        onProgress(rows.length)
      } while (cursor !== null)
      return rows
    },
    [readPage],
  )
}

/**
 * The messages of a place, page by page, newest first, with pending changes applied. The open message keeps its row until it
 * is closed or removed, even if it has left the list, such as unread mail that is now read; the row then follows the message itself.
 */
export function useMessageList(filter: ListFilter, openId: string | null) {
  const readPage = useReadPage()
  const query = useInfiniteQuery({
    queryKey: listKey(filter),
    queryFn: ({ pageParam, signal }) => readPage(filter, { cursor: pageParam, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.pagination.cursor ?? undefined,
    // Live changes are merged page by page; refetching all loaded pages would be slow and lose the scroll position.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
  })
  const pending = usePendingChanges()
  const loaded = useMemo(() => rowsOf(query.data), [query.data])
  const [held, setHeld] = useState<MessageItem | null>(null)
  const listed = openId === null ? undefined : loaded.find(({ id }) => id === openId)
  const { data: read, error } = useMessage(openId)
  const isGone = error !== null && failureOf(error).code === 'NOT_FOUND'
  const kept = listed ?? (held?.id === openId && !isGone ? (read?.data ?? held) : null)
  if (kept !== held) setHeld(kept)
  const rows = useMemo(() => {
    const all = kept === null || listed !== undefined ? loaded : withRow(loaded, kept)
    return all.flatMap((row) => applyChanges(row, pending, filter) ?? [])
  }, [loaded, listed, kept, pending, filter])
  return { ...query, rows }
}

export type MessageList = ReturnType<typeof useMessageList>

export function useMailboxes() {
  const trpc = useTRPC()
  return useQuery(trpc.mailboxes.list.queryOptions({ limit: ALL }, { staleTime: 300_000 }))
}

type Page<T> = { data: T[]; pagination: { cursor: string | null; has_more: boolean } }

/** All items of a short list, as one page. */
async function allOf<T>(read: (from: { limit: number; cursor?: string }) => Promise<Page<T>>): Promise<Page<T>> {
  const page = await read({ limit: ALL })
  for (let { cursor } = page.pagination; cursor !== null;) {
    const next = await read({ limit: ALL, cursor })
    page.data.push(...next.data)
    cursor = next.pagination.cursor
  }
  return { data: page.data, pagination: { cursor: null, has_more: false } }
}

/** The folders of a mailbox with their counts. */
export function useFolders(mailboxId: string | undefined) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const id = mailboxId ?? ''
  return useQuery({
    ...trpc.folders.list.queryOptions({ id, limit: ALL }),
    queryFn: ({ signal }) => allOf((from) => client.folders.list.query({ id, ...from }, { signal })),
    enabled: mailboxId !== undefined,
    placeholderData: keepPreviousData,
  })
}

/** The tags for messages of a mailbox: those of its owner. */
export function useTags(mailboxId: string | undefined) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const mailbox = mailboxId ?? ''
  return useQuery({
    ...trpc.tags.list.queryOptions({ mailbox, limit: ALL }),
    queryFn: ({ signal }) => allOf((from) => client.tags.list.query({ mailbox, ...from }, { signal })),
    enabled: mailboxId !== undefined,
    staleTime: 300_000,
  })
}

/** A message in full, with pending changes applied. */
export function useMessage(id: string | null) {
  const trpc = useTRPC()
  const pending = usePendingChanges()
  const query = useQuery(trpc.messages.get.queryOptions(id === null ? skipToken : { id }, { staleTime: 60_000 }))
  const read = query.data?.data
  const message = useMemo(
    () => (read === undefined ? undefined : (applyChanges(read, pending) ?? read)),
    [read, pending],
  )
  return { ...query, message }
}

/** Returns a function that loads a message before it is opened. */
export function usePrefetchMessage() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return (id: string) => {
    queryClient.query(trpc.messages.get.queryOptions({ id }, { staleTime: 60_000 })).catch(() => undefined)
  }
}
