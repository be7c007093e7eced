'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'

import type { MessageDetail, MessageItem } from '#lib/types.ts'
import { useTRPC } from '#trpc/client.tsx'

import { leavesList, type MailAction } from './data/changes.ts'
import type { MailActions } from './data/use-mail-actions.ts'
import type { ListFilter } from './location.ts'
import { extendTo, keepOnly, neighbourOf, NOTHING, toggle, toggleAll } from './selection.ts'
import type { MailLocation } from './use-mail-location.ts'

/** The row that keys act on, the chosen rows, and what is done to them. */
export function useMailController(
  rows: readonly MessageItem[],
  filter: ListFilter,
  location: MailLocation,
  actions: MailActions,
) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [chosen, setChosen] = useState(NOTHING)
  const [cursor, setCursor] = useState<string | null>(null)
  const order = useMemo(() => rows.map(({ id }) => id), [rows])
  const selection = useMemo(() => keepOnly(chosen, order), [chosen, order])
  const { openId, open } = location
  const currentId = openId ?? cursor

  const find = useCallback(
    (id: string): MessageItem | undefined =>
      rows.find((row) => row.id === id) ??
      queryClient.getQueryData<{ data: MessageDetail }>(trpc.messages.get.queryKey({ id }))?.data,
    [rows, queryClient, trpc],
  )

  const targets = useMemo(() => {
    if (selection.ids.size > 0) return rows.filter(({ id }) => selection.ids.has(id))
    const one = currentId === null ? undefined : find(currentId)
    return one === undefined ? [] : [one]
  }, [selection, rows, currentId, find])

  const act = (messages: readonly MessageItem[], change: MailAction, quiet = false) => {
    if (messages.length === 0) return
    const ids = new Set(messages.map(({ id }) => id))
    if (leavesList(change, filter)) {
      if (currentId !== null && ids.has(currentId)) {
        const next = neighbourOf(currentId, order, ids)
        setCursor(next)
        if (openId !== null) open(next, { replace: true })
      }
      setChosen(NOTHING)
    }
    actions.act(messages, change, { quiet })
  }

  // What is opened is read, once: who then marks it unread means it.
  const opened = openId === null ? undefined : find(openId)
  const marked = useRef<string | null>(null)
  useEffect(() => {
    if (openId === null) marked.current = null
    if (opened === undefined || marked.current === opened.id) return
    marked.current = opened.id
    if (!opened.seen) actions.act([opened], { action: 'mark_seen' }, { automatic: true })
  }, [openId, opened, actions])

  const step = (by: 1 | -1, extend = false) => {
    const at = currentId === null ? -1 : order.indexOf(currentId)
    const next = order[at < 0 ? 0 : at + by]
    if (next === undefined) return
    if (extend)
      setChosen(
        extendTo(chosen.anchor === null && currentId !== null ? toggle(chosen, currentId) : chosen, next, order),
      )
    setCursor(next)
    if (openId !== null) open(next, { replace: true })
  }
  const at = openId === null ? -1 : order.indexOf(openId)

  return {
    selection,
    currentId,
    targets,
    act,
    actOnTargets: (change: MailAction) => act(targets, change),
    open: (message: MessageItem) => {
      setCursor(message.id)
      open(message.id)
    },
    openCurrent: () => {
      if (openId === null && cursor !== null) open(cursor)
    },
    close: () => open(null),
    clear: () => setChosen(NOTHING),
    toggle: (message: MessageItem, range: boolean) => {
      setCursor(message.id)
      setChosen(range ? extendTo(chosen, message.id, order) : toggle(selection, message.id))
    },
    toggleCurrent: () => {
      if (currentId !== null) setChosen(toggle(selection, currentId))
    },
    /** Chooses the current row when no bar with its actions is on the screen. */
    showActions: () => {
      if (openId === null && currentId !== null && selection.ids.size === 0) setChosen(toggle(NOTHING, currentId))
    },
    toggleAll: () => setChosen(toggleAll(selection, order)),
    star: (message: MessageItem) => act([message], { action: message.starred ? 'unstar' : 'star' }, true),
    step,
    previous: at > 0 ? () => step(-1) : undefined,
    next: at >= 0 && at < order.length - 1 ? () => step(1) : undefined,
  }
}

export type MailController = ReturnType<typeof useMailController>
