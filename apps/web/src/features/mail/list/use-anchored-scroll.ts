'use client'

import { useLayoutEffect, useRef, useState } from 'react'

/**
 * Keeps the rows that are being looked at where they are when rows come in above them: always while scrolled down or
 * while the pointer is over the list, for a click must not land on another message. Gives the number of rows that came
 * in unseen, and the way to see them.
 */
export function useAnchoredScroll(ids: readonly string[], rowHeight: number) {
  const viewport = useRef<HTMLDivElement>(null)
  const [unseen, setUnseen] = useState(0)
  const before = useRef<readonly string[]>(ids)

  useLayoutEffect(() => {
    const previous = before.current
    before.current = ids
    const element = viewport.current
    if (element === null || previous === ids || previous.length === 0) return
    const shift = shiftOf(previous, ids, Math.floor(element.scrollTop / rowHeight))
    if (shift === 0 || (element.scrollTop === 0 && !element.matches(':hover'))) return
    element.scrollTop += shift * rowHeight
    if (shift > 0) setUnseen((count) => count + shift)
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

/** By how many rows the first row in view, or the next one that is still there, has moved down. */
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
