'use client'

import { useIsFetching, useIsMutating, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'

import type { MessageDetail } from '#lib/types.ts'
import { useTRPC } from '#trpc/client.tsx'

import type { ListFilter } from '../location.ts'
import { makeFreshener } from './freshener.ts'
import { listenToMail } from './mail-stream.ts'
import type { MessagePage } from './pages.ts'
import { MAIL_MUTATION } from './pending.ts'
import { listKey, LISTS, useReadPage } from './queries.ts'

/** Changes in quick succession cause one read, after this many milliseconds. */
const GATHER_MS = 150

type Detail = { data: MessageDetail }
export type LiveState = 'live' | 'reconnecting' | 'offline'

/**
 * Keeps the open list, the open message and the folder counts current: by a stream of events, or by polling while it is down.
 * Call `look` with the messages that are in view.
 */
export function useLiveMail(filter: ListFilter, mailboxId: string | undefined) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const readPage = useReadPage()
  const freshener = useMemo(() => {
    const noteFresh = ({ data }: MessagePage, index: number) => {
      for (const row of data) {
        queryClient.setQueryData<Detail>(
          trpc.messages.get.queryKey({ id: row.id }),
          (detail) => detail && { data: { ...detail.data, ...row } },
        )
      }
      if (index > 0) return
      // The first page says nothing about other messages in the cache; the open one is refetched now, the rest when shown.
      const known = new Set(data.map(({ id }) => id))
      void queryClient.invalidateQueries({
        queryKey: trpc.messages.get.queryKey(),
        predicate: ({ state }) => state.data !== undefined && !known.has((state.data as Detail).data.id),
      })
    }
    return makeFreshener({ queryClient, readPage, filter, onFresh: noteFresh })
  }, [queryClient, trpc, readPage, filter])

  const changes = useIsMutating({ mutationKey: MAIL_MUTATION })
  const reads = useIsFetching({ queryKey: listKey(filter), exact: true })
  const idle = changes + reads === 0
  useEffect(() => {
    if (idle) void freshener.run()
  }, [idle, freshener])

  const refresh = (changed: ReadonlySet<string | undefined>) => {
    void queryClient.invalidateQueries({ queryKey: trpc.folders.list.queryKey() })
    // Other lists are read again when they are shown.
    queryClient.removeQueries({ queryKey: LISTS, type: 'inactive' })
    if (changed.has(undefined) || changed.has(mailboxId)) void freshener.refresh()
  }
  const latest = useRef(refresh)
  useEffect(() => {
    latest.current = refresh
  })

  const [connected, setConnected] = useState(true)
  const [online, setOnline] = useState(true)
  useEffect(() => {
    let gather: ReturnType<typeof setTimeout> | undefined
    const pending = new Set<string | undefined>()
    const onChange = (changed: string | undefined) => {
      pending.add(changed)
      gather ??= setTimeout(() => {
        gather = undefined
        latest.current(new Set(pending))
        pending.clear()
      }, GATHER_MS)
    }
    const onOffline = () => setOnline(false)
    const onOnline = () => {
      setOnline(true)
      onChange(undefined)
    }
    const leave = listenToMail({ onChange, onConnected: setConnected })
    window.addEventListener('offline', onOffline)
    window.addEventListener('online', onOnline)
    return () => {
      leave()
      clearTimeout(gather)
      window.removeEventListener('offline', onOffline)
      window.removeEventListener('online', onOnline)
    }
  }, [])

  const look = useCallback((ids: ReadonlySet<string>) => void freshener.look(ids), [freshener])
  const state: LiveState = !online ? 'offline' : connected ? 'live' : 'reconnecting'
  return { state, look }
}
