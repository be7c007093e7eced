'use client'

import { isolated } from '@mairust/ui'
import { useTranslations } from 'next-intl'
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'

import type { Density } from '#lib/preferences.ts'
import type { MessageItem, Tag } from '#lib/types.ts'

import type { MessageList as LoadedList } from '../data/queries.ts'
import { placePath } from '../location.ts'
import type { MailController } from '../use-mail-controller.ts'
import type { MailLocation } from '../use-mail-location.ts'
import { EmptyList, ListError } from './list-states.tsx'
import { ListToolbar } from './list-toolbar.tsx'
import { ListSkeleton, MessageList } from './message-list.tsx'

/** The scroll position of each list, restored when it is shown again. */
const offsets = new Map<string, number>()

export type ListPaneProps = {
  list: LoadedList
  mail: MailController
  location: MailLocation
  title: string
  total: number | undefined
  density: Density
  onDensity: (density: Density) => void
  tags: ReadonlyMap<string, Tag>
  outgoing: boolean
  actions: ReactNode
  onHover: (message: MessageItem) => void
  onLook: (ids: ReadonlySet<string>) => void
}

/** The list of a place with its toolbar, in any state: loading, failed, empty or filled. */
export function ListPane({
  list,
  mail,
  location,
  title,
  total,
  density,
  onDensity,
  tags,
  outgoing,
  actions,
  onHover,
  onLook,
}: ListPaneProps) {
  const t = useTranslations('mail')
  const { place, q, unreadOnly } = location
  const { rows, hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const offsetKey = `${place.mailbox}/${place.folder}?${q}&${String(unreadOnly)}`
  const announced = useAnnouncement(rows)

  // Stable handlers, so that a row renders again only when its message changes.
  const latest = useRef(mail)
  useEffect(() => {
    latest.current = mail
  })
  const handlers = useMemo(
    () => ({
      onOpen: (message: MessageItem) => latest.current.open(message),
      onToggle: (message: MessageItem, range: boolean) => latest.current.toggle(message, range),
      onStar: (message: MessageItem) => latest.current.star(message),
      onPoint: () => undefined,
    }),
    [],
  )
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const hrefOf = useCallback((message: MessageItem) => `${placePath(place)}?m=${message.id}`, [place])

  const countText = list.isPending
    ? undefined
    : total === undefined
      ? hasNextPage
        ? t('countMore', { count: rows.length })
        : t('count', { count: rows.length })
      : t('count', { count: total })
  return (
    <section aria-label={isolated(title)} className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
      <ListToolbar
        title={title}
        countText={countText}
        selected={mail.selection.ids.size}
        loaded={rows.length}
        onToggleAll={mail.toggleAll}
        onClear={mail.clear}
        total={total}
        hasMore={hasNextPage}
        selecting={mail.selecting}
        onSelectEverything={mail.selectEverything}
        unreadOnly={unreadOnly}
        onUnreadOnly={location.showUnread}
        density={density}
        onDensity={onDensity}
        actions={actions}
      />
      {list.isError && rows.length === 0 ? (
        <ListError
          error={list.error}
          onRetry={() => void list.refetch()}
          onHome={() => location.goTo({ mailbox: place.mailbox, folder: 'inbox' })}
        />
      ) : list.isPending ? (
        <ListSkeleton density={density} label={t('reading')} />
      ) : rows.length === 0 ? (
        <EmptyList
          folder={place.folder}
          address={place.mailbox}
          q={q}
          unreadOnly={unreadOnly}
          onClear={() => (q === '' ? location.showUnread(false) : location.search(''))}
        />
      ) : (
        <MessageList
          {...handlers}
          onHover={onHover}
          onLook={onLook}
          rows={rows}
          total={total}
          density={density}
          tags={tags}
          selection={mail.selection}
          openId={location.openId}
          currentId={mail.currentId}
          outgoing={outgoing}
          hasMore={hasNextPage}
          loadingMore={isFetchingNextPage}
          onLoadMore={loadMore}
          hrefOf={hrefOf}
          initialOffset={offsets.get(offsetKey) ?? 0}
          onOffset={(offset) => offsets.set(offsetKey, offset)}
        />
      )}
      <p role="status" className="sr-only">
        {announced > 0 ? t('arrived', { count: announced }) : ''}
      </p>
    </section>
  )
}

/** How many new messages arrived on top of the list, for screen readers. */
function useAnnouncement(rows: readonly MessageItem[]): number {
  const [last, setLast] = useState(() => ({ rows, known: new Set(rows.map(({ id }) => id)), arrived: 0 }))
  if (rows === last.rows) return last.arrived
  const arrived = rows.findIndex(({ id }) => last.known.has(id))
  setLast({ rows, known: new Set([...last.known, ...rows.map(({ id }) => id)]), arrived: Math.max(0, arrived) })
  return last.arrived
}
