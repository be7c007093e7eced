'use client'

import { useEffect, useMemo, useRef, useState } from 'react'

import type { MessageItem } from '#lib/types.ts'

import { leavesList, type MailAction } from './data/changes.ts'
import { useMessage } from './data/queries.ts'
import type { MailActions } from './data/use-mail-actions.ts'
import { commonFolder, type ListFilter } from './location.ts'
import { extendTo, keepOnly, neighbourOf, NOTHING, toggle, toggleAll } from './selection.ts'
import type { MailLocation } from './use-mail-location.ts'
import { useSelectAll } from './use-select-all.ts'

/** The state of the mail pages: the current row, the selection, and the actions for them. */
export function useMailController(
  rows: readonly MessageItem[],
  filter: ListFilter,
  location: MailLocation,
  actions: MailActions,
) {
  // As the user made it; `selection` leaves out rows that are gone.
  const [rawSelection, setSelection] = useState(NOTHING)
  const [cursor, setCursor] = useState<string | null>(null)
  const [toConfirm, setToConfirm] = useState<MailAction | null>(null)
  const order = useMemo(() => rows.map(({ id }) => id), [rows])
  const { openId, open } = location
  const currentId = openId ?? cursor
  const [place, setPlace] = useState(filter)
  if (place !== filter) {
    setPlace(filter)
    setSelection(NOTHING)
    setCursor(null)
  }

  const everything = useSelectAll(filter, (read) =>
    setSelection({ ids: new Set(read.map(({ id }) => id)), anchor: null }),
  )
  const selectable = useMemo(() => {
    const loaded = new Set(order)
    return [...rows, ...everything.rows.filter(({ id }) => !loaded.has(id))]
  }, [rows, order, everything.rows])
  const selection = useMemo(
    () =>
      keepOnly(
        rawSelection,
        selectable.map(({ id }) => id),
      ),
    [rawSelection, selectable],
  )
  const clearSelection = () => {
    setSelection(NOTHING)
    everything.clear()
  }

  const { message: read } = useMessage(openId)
  const opened = openId === null ? undefined : (rows.find(({ id }) => id === openId) ?? read)
  const current = openId === null ? rows.find(({ id }) => id === cursor) : opened
  const targets = useMemo(() => {
    if (selection.ids.size > 0) return selectable.filter(({ id }) => selection.ids.has(id))
    return current === undefined ? [] : [current]
  }, [selection, selectable, current])

  const act = (messages: readonly MessageItem[], change: MailAction, quiet = false) => {
    if (messages.length === 0) return
    const ids = new Set(messages.map(({ id }) => id))
    if (leavesList(change, filter)) {
      if (currentId !== null && ids.has(currentId)) {
        const next = neighbourOf(currentId, order, ids)
        setCursor(next)
        if (openId !== null) open(next, { replace: true })
      }
      clearSelection()
    }
    actions.act(messages, change, { quiet })
  }

  // Opening a message marks it as read, but only once: the user may mark it as unread again.
  const marked = useRef<string | null>(null)
  useEffect(() => {
    if (openId === null) marked.current = null
    if (opened === undefined || marked.current === opened.id) return
    marked.current = opened.id
    if (!opened.seen) actions.act([opened], { action: 'mark_seen' }, { automatic: true })
  }, [openId, opened, actions])

  // The index of the current row, or its last one before it left the list: the keys move on from there.
  const at = currentId === null ? -1 : order.indexOf(currentId)
  const [lastAt, setLastAt] = useState(0)
  if (at >= 0 && at !== lastAt) setLastAt(at)
  const step = (by: 1 | -1, extend = false) => {
    const to = at >= 0 ? at + by : currentId === null ? 0 : by === 1 ? lastAt : lastAt - 1
    const next = order[at >= 0 ? to : Math.min(Math.max(to, 0), order.length - 1)]
    if (next === undefined) return
    if (extend)
      setSelection(
        extendTo(
          rawSelection.anchor === null && currentId !== null ? toggle(rawSelection, currentId) : rawSelection,
          next,
          order,
        ),
      )
    setCursor(next)
    if (openId !== null) open(next, { replace: true })
  }

  return {
    selection,
    currentId,
    opened,
    targets,
    act,
    /** Changes the targets; asks first if there are more than the list shows. */
    actOnTargets: (change: MailAction) => {
      if (targets.length > rows.length) setToConfirm(change)
      else act(targets, change)
    },
    /** The change that awaits confirmation. */
    toConfirm,
    setToConfirm,
    /** The folder that all targets are in. */
    place: commonFolder(targets),
    open: (message: MessageItem) => {
      setCursor(message.id)
      clearSelection()
      open(message.id)
    },
    openCurrent: () => {
      if (openId !== null || cursor === null) return
      clearSelection()
      open(cursor)
    },
    close: () => open(null),
    clear: clearSelection,
    toggle: (message: MessageItem, range: boolean) => {
      setCursor(message.id)
      setSelection(range ? extendTo(rawSelection, message.id, order) : toggle(selection, message.id))
    },
    toggleCurrent: () => {
      if (currentId !== null) setSelection(toggle(selection, currentId))
    },
    /** Selects the current row if no toolbar with its actions is shown. */
    showActions: () => {
      if (openId === null && currentId !== null && selection.ids.size === 0) setSelection(toggle(NOTHING, currentId))
    },
    toggleAll: () => setSelection(toggleAll(selection, order)),
    selectEverything: () => void everything.start(),
    /** How many messages have been read so far to select them all; null if that is not in progress. */
    selecting: everything.progress,
    star: (message: MessageItem) => act([message], { action: message.starred ? 'unstar' : 'star' }, true),
    step,
    previous: openId !== null && at > 0 ? () => step(-1) : undefined,
    next: openId !== null && at >= 0 && at < order.length - 1 ? () => step(1) : undefined,
  }
}

export type MailController = ReturnType<typeof useMailController>
