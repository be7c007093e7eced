'use client'

import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useMemo } from 'react'

import { useTRPC, useTRPCClient } from '#trpc/client.tsx'

import type { ListFilter } from '../location.ts'
import { rowsOf, type MessagePage } from './pages.ts'

const PAGE_SIZE = 50
const ALL = 100

/** The first part of the key of every list of messages in the cache. */
export const LISTS = ['mail', 'messages'] as const
export const listKey = (filter: ListFilter): QueryKey => [...LISTS, filter]

/** The filter that a list in the cache was read with. */
export function filterOfKey(key: QueryKey): ListFilter {
  return key[LISTS.length] as ListFilter
}

/** Reads one page of a list. */
export function useReadPage() {
  const client = useTRPCClient()
  return useMemo(
    () =>
      (filter: ListFilter, cursor: string | null, signal?: AbortSignal): Promise<MessagePage> =>
        client.messages.list.query(
          { ...filter, limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) },
          { ...(signal ? { signal } : {}) },
        ),
    [client],
  )
}

/** The messages of a place, page by page, newest first. */
export function useMessageList(filter: ListFilter) {
  const readPage = useReadPage()
  const query = useInfiniteQuery({
    queryKey: listKey(filter),
    queryFn: ({ pageParam, signal }) => readPage(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.pagination.cursor ?? undefined,
    // Live changes are merged into the first page; reading all loaded pages again would be slow and lose the place.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
  })
  const rows = useMemo(() => rowsOf(query.data), [query.data])
  return { ...query, rows }
}

export function useMailboxes() {
  const trpc = useTRPC()
  return useQuery(trpc.mailboxes.list.queryOptions({ limit: ALL }, { staleTime: 300_000 }))
}

/** The folders of a mailbox with their counts. */
export function useFolders(mailboxId: string | undefined) {
  const trpc = useTRPC()
  return useQuery({
    ...trpc.folders.list.queryOptions({ id: mailboxId ?? '', limit: ALL }),
    enabled: mailboxId !== undefined,
    placeholderData: keepPreviousData,
  })
}

export function useTags() {
  const trpc = useTRPC()
  return useQuery(trpc.tags.list.queryOptions({ limit: ALL }, { staleTime: 300_000 }))
}

export function useMessage(id: string) {
  const trpc = useTRPC()
  return useQuery(trpc.messages.get.queryOptions({ id }, { staleTime: 60_000 }))
}

/** Reads a message ahead of its being opened, for instance the next one. */
export function usePrefetchMessage() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return (id: string) => {
    queryClient.query(trpc.messages.get.queryOptions({ id }, { staleTime: 60_000 })).catch(() => undefined)
  }
}
