'use client'

import { useLayoutEffect, useRef, useState } from 'react'

/**
 * Keeps the visible rows in place when rows arrive above them, if the list is scrolled down or the pointer is over it: a click
 * must not hit another message. Returns the number of unseen new rows, and a function that shows them. Rows that return, for
 * instance by an undo, are not new.
 */
export function useAnchoredScroll(ids: readonly string[], rowHeight: number) {
  const viewport = useRef<HTMLDivElement>(null)
  const [unseen, setUnseen] = useState(0)
  const before = useRef<readonly string[]>(ids)
  const known = useRef(new Set(ids))

  useLayoutEffect(() => {
    const previous = before.current
    before.current = ids
    const element = viewport.current
    if (element === null || previous === ids) return
    const first = Math.floor(element.scrollTop / rowHeight)
    const shift = previous.length === 0 ? 0 : shiftOf(previous, ids, first)
    const arrived = ids.slice(0, Math.max(0, first + shift)).filter((id) => !known.current.has(id)).length
    for (const id of ids) known.current.add(id)
    const mayMove = element.scrollTop === 0 && (arrived === 0 || !element.matches(':hover'))
    if (shift === 0 || mayMove) return
    element.scrollTop += shift * rowHeight
    if (arrived > 0) setUnseen((count) => count + arrived)
  }, [ids, rowHeight])

  const onScroll = () => {
    if (unseen > 0 && viewport.current?.scrollTop === 0) setUnseen(0)
  }
  const showUnseen = () => {
    setUnseen(0)
    viewport.current?.scrollTo({ top: 0 })
  }
  return { viewport, unseen, showUnseen, onScroll }
}

/** How many rows the first visible row, or the next one that is still in the list, has moved down. */
export function shiftOf(previous: readonly string[], next: readonly string[], first: number): number {
  const positions = new Map(next.map((id, index) => [id, index]))
  let gone = 0
  for (let index = first; index < previous.length; index += 1) {
    const now = positions.get(previous[index] ?? '')
    if (now !== undefined) return now - index + gone
    gone += 1
  }
  return 0
}
