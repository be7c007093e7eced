'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'

import { useTRPC } from '#trpc/client.tsx'

import type { ListFilter } from '../location.ts'
import { mergeHead, type MessagePages } from './pages.ts'
import { listKey, LISTS, useReadPage } from './queries.ts'
import { MAIL_MUTATION } from './use-mail-actions.ts'

/** While the stream is down the list is read this often, in milliseconds; then the stream is tried again too. */
const POLL_MS = 10_000
/** Changes that come in quick succession are read together. */
const GATHER_MS = 150

export type LiveState = 'live' | 'reconnecting' | 'offline'

/** Keeps the open list and the counts of folders current: over a stream, by asking now and then while that is down. */
export function useLiveMail(filter: ListFilter, mailboxId: string | undefined): LiveState {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const readPage = useReadPage()
  const [state, setState] = useState<LiveState>('live')

  const refresh = async (changed: string | undefined) => {
    void queryClient.invalidateQueries({ queryKey: trpc.folders.list.queryKey() })
    if (changed !== undefined && changed !== mailboxId) return
    // A change of ours is on its way: what is read now might not have it yet. Its own event comes after it.
    if (queryClient.isMutating({ mutationKey: MAIL_MUTATION }) > 0) return
    const key = listKey(filter)
    if (queryClient.getQueryData(key) === undefined) return
    const head = await readPage(filter, null)
    if (queryClient.isMutating({ mutationKey: MAIL_MUTATION }) > 0) return
    queryClient.setQueryData<MessagePages>(key, (pages) => pages && mergeHead(pages, head))
    queryClient.removeQueries({ queryKey: LISTS, type: 'inactive' })
  }
  const latest = useRef(refresh)
  useEffect(() => {
    latest.current = refresh
  })

  useEffect(() => {
    let gather: ReturnType<typeof setTimeout> | undefined
    let poll: ReturnType<typeof setInterval> | undefined
    const pending = new Set<string | undefined>()
    const soon = (changed: string | undefined) => {
      pending.add(changed)
      gather ??= setTimeout(() => {
        gather = undefined
        for (const one of pending) latest.current(one).catch(() => undefined)
        pending.clear()
      }, GATHER_MS)
    }
    const offline = () => setState('offline')
    const online = () => soon(undefined)

    let source: EventSource | undefined
    let lost = false
    const connect = () => {
      const stream = new EventSource('/api/events')
      source = stream
      stream.addEventListener('open', () => {
        clearInterval(poll)
        poll = undefined
        setState('live')
        // Whatever came while the stream was down was not told.
        if (lost) soon(undefined)
        lost = false
      })
      stream.addEventListener('mailbox', (event: MessageEvent<string>) => soon(mailboxIdOf(event.data)))
      stream.addEventListener('error', () => {
        lost = true
        setState(navigator.onLine ? 'reconnecting' : 'offline')
        poll ??= setInterval(() => {
          soon(undefined)
          // A stream that was refused, rather than cut, does not come back by itself.
          if (source?.readyState === EventSource.CLOSED) connect()
        }, POLL_MS)
      })
    }
    connect()
    window.addEventListener('offline', offline)
    window.addEventListener('online', online)
    return () => {
      source?.close()
      clearTimeout(gather)
      clearInterval(poll)
      window.removeEventListener('offline', offline)
      window.removeEventListener('online', online)
    }
  }, [])

  return state
}

/** The mailbox that an event is about; undefined, meaning any, when it cannot be read. */
function mailboxIdOf(data: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(data)
    if (typeof parsed !== 'object' || parsed === null || !('mailbox_id' in parsed)) return undefined
    return typeof parsed.mailbox_id === 'string' ? parsed.mailbox_id : undefined
  } catch {
    return undefined
  }
}
