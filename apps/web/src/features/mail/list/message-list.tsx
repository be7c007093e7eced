'use client'

import { Button, Skeleton, Spinner } from '@mairust/ui'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useMemo, useState } from 'react'

import type { Density } from '#lib/preferences.ts'
import type { MessageItem, Tag } from '#lib/types.ts'

import type { Selection } from '../selection.ts'
import { MessageRow, ROW_HEIGHT, type RowHandlers } from './message-row.tsx'
import { useAnchoredScroll } from './use-anchored-scroll.ts'

const OVERSCAN = 12
const CLOCK_MS = 60_000

export type MessageListProps = RowHandlers & {
  rows: readonly MessageItem[]
  /** How many messages there are in all, if known. */
  total: number | undefined
  density: Density
  tags: ReadonlyMap<string, Tag>
  selection: Selection
  openId: string | null
  currentId: string | null
  outgoing: boolean
  hasMore: boolean
  loadingMore: boolean
  onLoadMore: () => void
  hrefOf: (message: MessageItem) => string
  initialOffset: number
  onOffset: (offset: number) => void
  onHover: (message: MessageItem) => void
  /** Called with the messages that are in or near the view. */
  onLook: (ids: ReadonlySet<string>) => void
}

/** A virtual list of messages: only rows in or near the view are rendered, and more are loaded before the end is reached. */
export function MessageList(props: MessageListProps) {
  const { rows, density, hasMore, loadingMore, onLoadMore, currentId, onOffset, onLook } = props
  const t = useTranslations('mail')
  const rowHeight = ROW_HEIGHT[density]
  const ids = useMemo(() => rows.map(({ id }) => id), [rows])
  const now = useNow()
  const { viewport, ...anchored } = useAnchoredScroll(ids, rowHeight)
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer's object is used in this component only
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => ids[index] ?? index,
    overscan: OVERSCAN,
    initialOffset: props.initialOffset,
  })
  const items = virtual.getVirtualItems()
  const lastIndex = items.at(-1)?.index ?? -1

  const firstIndex = items[0]?.index ?? 0

  useEffect(() => virtual.measure(), [virtual, rowHeight])
  useEffect(() => onLook(new Set(ids.slice(firstIndex, lastIndex + 1))), [onLook, ids, firstIndex, lastIndex])
  useEffect(() => {
    if (hasMore && !loadingMore && lastIndex >= rows.length - OVERSCAN * 2) onLoadMore()
  }, [hasMore, loadingMore, lastIndex, rows.length, onLoadMore])
  useEffect(() => {
    const index = currentId === null ? -1 : ids.indexOf(currentId)
    if (index < 0) return undefined
    virtual.scrollToIndex(index, { align: 'auto' })
    // The focus follows the cursor unless it is elsewhere; the row may be rendered only after scrolling.
    const frame = requestAnimationFrame(() => {
      const { activeElement } = document
      if (activeElement !== document.body && viewport.current?.contains(activeElement) !== true) return
      viewport.current
        ?.querySelector<HTMLElement>(`[data-message="${currentId ?? ''}"] [data-row-link]`)
        ?.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(frame)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only a cursor move scrolls, not rows that come and go
  }, [currentId])

  return (
    <div className="relative min-h-0 flex-1">
      {anchored.unseen === 0 ? null : (
        <div className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center">
          <Button
            size="sm"
            variant="primary"
            icon={<ArrowUp />}
            className="pointer-events-auto rounded-full shadow-overlay"
            onClick={anchored.showUnseen}
          >
            {t('newMessages', { count: anchored.unseen })}
          </Button>
        </div>
      )}
      <div
        ref={viewport}
        onScroll={(event) => {
          anchored.onScroll()
          onOffset(event.currentTarget.scrollTop)
        }}
        className="@container absolute inset-0 overflow-y-auto overscroll-contain"
      >
        <div
          role="grid"
          aria-label={t('messages')}
          aria-multiselectable
          aria-rowcount={props.total ?? (hasMore ? -1 : rows.length)}
          className="relative"
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map((item) => {
            const message = rows[item.index]
            if (message === undefined) return null
            return (
              <MessageRow
                key={message.id}
                message={message}
                index={item.index}
                top={item.start}
                density={density}
                tags={props.tags}
                href={props.hrefOf(message)}
                now={now}
                selected={props.selection.ids.has(message.id)}
                selecting={props.selection.ids.size > 0}
                open={props.openId === message.id}
                current={currentId === message.id || (currentId === null && item.index === 0)}
                outgoing={props.outgoing}
                onOpen={props.onOpen}
                onToggle={props.onToggle}
                onStar={props.onStar}
                onPoint={props.onHover}
              />
            )
          })}
        </div>
        {loadingMore ? (
          <div className="flex h-10 items-center justify-center text-subtle">
            <Spinner />
          </div>
        ) : null}
      </div>
    </div>
  )
}

/** The current time, to the minute, so that "today" becomes "yesterday" in an open window. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), CLOCK_MS)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** A placeholder while the list loads. */
export function ListSkeleton({ density, label }: { density: Density; label: string }) {
  return (
    <div role="status" aria-label={label} aria-busy className="@container min-h-0 flex-1 overflow-hidden">
      {Array.from({ length: 16 }, (_, index) => (
        <div
          key={index}
          className="flex items-center gap-4 border-b pr-4 pl-10"
          style={{ height: ROW_HEIGHT[density], opacity: 1 - index / 18 }}
        >
          <div className="flex min-w-0 flex-1 flex-col gap-2 @3xl:flex-row">
            <Skeleton className="h-3 w-28 shrink-0" />
            {density === 'compact' ? null : (
              <Skeleton className={index % 3 === 0 ? 'h-3 w-3/4' : index % 3 === 1 ? 'h-3 w-11/12' : 'h-3 w-1/2'} />
            )}
          </div>
          <Skeleton className="h-3 w-10" />
        </div>
      ))}
    </div>
  )
}
