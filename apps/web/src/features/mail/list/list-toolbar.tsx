'use client'

import { BulkBar, Button, Checkbox, IconButton, Isolate, Spinner, Toolbar, cn } from '@mairust/ui'
import { MailOpen, Rows2, Rows3 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

import type { Density } from '#lib/preferences.ts'

export type ListToolbarProps = {
  title: string
  /** How many messages there are, as text; undefined while unknown. */
  countText: string | undefined
  selected: number
  loaded: number
  /** How many messages there are in all, if known. */
  total: number | undefined
  hasMore: boolean
  /** How many messages have been read so far to select them all; null if that is not in progress. */
  selecting: number | null
  onSelectEverything: () => void
  onToggleAll: () => void
  onClear: () => void
  unreadOnly: boolean
  onUnreadOnly: (on: boolean) => void
  density: Density
  onDensity: (density: Density) => void
  /** The buttons for the selected rows. */
  actions: ReactNode
}

const BAR = 'h-12 shrink-0 border-b px-2'

/** The bar above the list: its name and filters, or actions while rows are selected. */
export function ListToolbar(props: ListToolbarProps) {
  const { selected, loaded, density, total, selecting } = props
  const t = useTranslations('mail')
  const all = (
    <span className="flex size-6 shrink-0 items-center justify-center">
      <Checkbox
        label={t('selectAll')}
        checked={selected > 0 && selected === loaded}
        indeterminate={selected > 0 && selected < loaded}
        disabled={loaded === 0}
        onCheckedChange={props.onToggleAll}
      />
    </span>
  )
  if (selected > 0) {
    return (
      <>
        <BulkBar
          label={t('bulk')}
          countText={t('selected', { count: selected })}
          clearLabel={t('clearSelection')}
          onClear={props.onClear}
          className={BAR}
        >
          {props.actions}
        </BulkBar>
        {props.hasMore && selected === loaded ? (
          <div className="flex min-h-9 shrink-0 items-center justify-center border-b bg-accent-soft px-2">
            <Button
              size="sm"
              variant="ghost"
              icon={selecting === null ? undefined : <Spinner />}
              onClick={selecting === null ? props.onSelectEverything : props.onClear}
            >
              {selecting !== null
                ? t('selecting', { count: selecting })
                : total === undefined
                  ? t('selectMatching')
                  : t('selectMatchingCount', { count: total })}
            </Button>
          </div>
        ) : null}
      </>
    )
  }
  return (
    <Toolbar label={t('listTools')} className={cn(BAR, 'gap-2')}>
      {all}
      <h1 className="min-w-0 text-base font-semibold">
        <Isolate truncate>{props.title}</Isolate>
      </h1>
      <span className="truncate text-xs text-subtle">{props.countText}</span>
      <span className="flex-1" />
      <IconButton
        size="sm"
        label={t('unreadOnly')}
        pressed={props.unreadOnly}
        icon={<MailOpen />}
        onClick={() => props.onUnreadOnly(!props.unreadOnly)}
        className={cn(props.unreadOnly && 'bg-accent-soft text-accent')}
      />
      <IconButton
        size="sm"
        label={t(density === 'compact' ? 'comfortable' : 'compact')}
        icon={density === 'compact' ? <Rows2 /> : <Rows3 />}
        onClick={() => props.onDensity(density === 'compact' ? 'comfortable' : 'compact')}
        className="hidden sm:inline-flex"
      />
    </Toolbar>
  )
}
