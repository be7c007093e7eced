'use client'

import { Badge, Checkbox, cn, Isolate, isolated } from '@mairust/ui'
import { Paperclip, Reply, Star } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'
import { memo, type MouseEvent } from 'react'

import { displayName, fullDate, peopleText, shortDate } from '#lib/format.ts'
import type { Density } from '#lib/preferences.ts'
import type { MessageItem, Tag } from '#lib/types.ts'

/** The height of a row in pixels; the virtual list depends on it. */
export const ROW_HEIGHT: Record<Density, number> = { comfortable: 52, compact: 36 }
const SHOWN_TAGS = 2

/** The link covers the whole row. */
const LINK =
  'flex min-w-0 text-sm outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring'
/** A narrow comfortable row has two lines, a wide one the subject above the preview; compact rows have one line. */
const LAYOUT = {
  comfortable: {
    link: 'flex-col @3xl:flex-row @3xl:items-center @3xl:gap-4',
    people: 'pr-24 @3xl:w-48 @3xl:shrink-0 @3xl:pr-0',
    text: '@3xl:flex-1 @3xl:flex-col @3xl:gap-0',
    preview: '@3xl:max-w-full @3xl:flex-none',
    meta: 'absolute top-2 right-4 @3xl:static',
  },
  compact: {
    link: 'items-center gap-3',
    people: 'w-28 shrink-0 @xl:w-40 @3xl:w-48',
    text: 'flex-1',
    preview: '',
    meta: '',
  },
} as const

export type RowHandlers = {
  onOpen: (message: MessageItem) => void
  onToggle: (message: MessageItem, range: boolean) => void
  onStar: (message: MessageItem) => void
  onPoint: (message: MessageItem) => void
}

export type MessageRowProps = RowHandlers & {
  message: MessageItem
  index: number
  top: number
  density: Density
  tags: ReadonlyMap<string, Tag>
  href: string
  now: Date
  selected: boolean
  /** Rows are selected, so all show their checkboxes. */
  selecting: boolean
  open: boolean
  /** The row that keys act on, and the only one in the tab order. */
  current: boolean
  /** Shows the recipients instead of the sender, for sent mail and drafts. */
  outgoing: boolean
}

/** One message in the list: a grid row with a checkbox, a star and a link that opens it. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, density, selected, open, current, selecting, outgoing } = props
  const t = useTranslations('mail')
  const locale = useLocale()
  const people = outgoing ? peopleText(message.to) : displayName(message.from)
  const subject = message.subject.trim() === '' ? t('noSubject') : message.subject
  const tabIndex = current ? 0 : -1

  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.button !== 0) return
    event.preventDefault()
    if (event.shiftKey) props.onToggle(message, true)
    else props.onOpen(message)
  }

  return (
    <div
      role="row"
      aria-rowindex={props.index + 1}
      aria-selected={selected}
      data-message={message.id}
      onPointerEnter={() => props.onPoint(message)}
      style={{ height: ROW_HEIGHT[density], transform: `translateY(${String(props.top)}px)` }}
      className={cn(
        'group absolute inset-x-0 top-0 flex items-center gap-2 border-b select-none pr-4 pl-2 transition-colors duration-75 hover:bg-hover',
        selected && 'bg-selected hover:bg-selected',
        open && 'bg-selected hover:bg-selected',
        current && 'before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent-solid',
      )}
    >
      <span role="gridcell" className="relative z-1 flex size-6 shrink-0 items-center justify-center">
        {message.seen ? null : (
          <span
            className={cn(
              'size-2 rounded-full bg-accent-solid group-focus-within:opacity-0 group-hover:opacity-0 coarse:opacity-0',
              (selected || selecting) && 'opacity-0',
            )}
          >
            <span className="sr-only">{t('unread')}</span>
          </span>
        )}
        <Checkbox
          checked={selected}
          label={t('select', { subject: isolated(subject) })}
          tabIndex={tabIndex}
          onCheckedChange={(_checked, event) => props.onToggle(message, 'shiftKey' in event && event.shiftKey === true)}
          className={cn(
            'absolute opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 coarse:opacity-100',
            (selected || selecting) && 'opacity-100',
          )}
        />
      </span>
      <span role="gridcell" className="relative z-1 hidden shrink-0 @md:block">
        <button
          type="button"
          tabIndex={tabIndex}
          aria-label={t(message.starred ? 'unstar' : 'star')}
          aria-pressed={message.starred}
          onClick={() => props.onStar(message)}
          className={cn(
            'flex size-6 items-center justify-center rounded-sm text-subtle hover:text-fg',
            !message.starred && 'opacity-0 group-focus-within:opacity-100 group-hover:opacity-100',
          )}
        >
          <Star aria-hidden className={cn('size-4', message.starred && 'fill-star text-star')} />
        </button>
      </span>
      <span role="gridcell" className="min-w-0 flex-1">
        <a
          href={props.href}
          tabIndex={tabIndex}
          data-row-link
          onClick={onClick}
          className={cn(LINK, LAYOUT[density].link)}
        >
          <span className={cn('flex min-w-0 items-center gap-1.5', LAYOUT[density].people)}>
            {message.seen ? null : (
              <span aria-hidden className="hidden size-2 shrink-0 rounded-full bg-accent-solid coarse:block" />
            )}
            <Isolate truncate className={message.seen ? 'text-muted' : 'font-semibold text-fg'}>
              {people === '' ? t('noSender') : people}
            </Isolate>
            {message.answered ? <Reply aria-label={t('answered')} className="size-3.5 shrink-0 text-subtle" /> : null}
          </span>
          <span className={cn('flex min-w-0 items-baseline gap-2', LAYOUT[density].text)}>
            <Isolate truncate className={cn('max-w-full', !message.seen && 'font-medium')}>
              {subject}
            </Isolate>
            <Isolate truncate className={cn('flex-1 text-subtle', LAYOUT[density].preview)}>
              {message.preview}
            </Isolate>
          </span>
        </a>
      </span>
      <span
        role="gridcell"
        className={cn('pointer-events-none flex shrink-0 items-center gap-2', LAYOUT[density].meta)}
      >
        <RowTags names={message.tags} tags={props.tags} />
        {message.starred ? <Star aria-hidden className="size-3.5 fill-star text-star @md:hidden" /> : null}
        {message.has_attachments ? (
          <Paperclip aria-label={t('hasAttachments')} className="size-3.5 text-subtle" />
        ) : null}
        <time
          dateTime={message.received_at}
          title={fullDate(message.received_at, locale)}
          className={cn(
            'text-right text-xs whitespace-nowrap @3xl:w-14',
            message.seen ? 'text-subtle' : 'font-medium text-fg',
          )}
        >
          {shortDate(message.received_at, props.now, locale)}
        </time>
      </span>
    </div>
  )
})

function RowTags({ names, tags }: { names: readonly string[]; tags: ReadonlyMap<string, Tag> }) {
  if (names.length === 0) return null
  const more = names.length - SHOWN_TAGS
  return (
    <>
      <span className="hidden items-center gap-1 @2xl:flex">
        {names.slice(0, SHOWN_TAGS).map((name) => (
          <Badge key={name} color={tags.get(name)?.color} className="max-w-28">
            {name}
          </Badge>
        ))}
        {more > 0 ? <Badge>+{more}</Badge> : null}
      </span>
      <span title={names.map((name) => isolated(name)).join(', ')} className="flex items-center gap-1 @2xl:hidden">
        <span className="sr-only">{names.map((name) => isolated(name)).join(', ')}</span>
        {names.map((name) => (
          <span
            key={name}
            aria-hidden
            className="size-2 rounded-full bg-subtle"
            style={{ backgroundColor: tags.get(name)?.color }}
          />
        ))}
      </span>
    </>
  )
}
