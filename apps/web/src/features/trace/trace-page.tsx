'use client'

import { Button, EmptyState, ErrorState, Skeleton } from '@mairust/ui'
import { useInfiniteQuery } from '@tanstack/react-query'
import { RotateCw, Route } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { PageFrame } from '#features/page-frame.tsx'
import type { User } from '#lib/types.ts'
import { useFailureText } from '#lib/use-failure-text.ts'
import { useTRPCClient } from '#trpc/client.tsx'

import { FullDiskNotice } from './full-disk-notice.tsx'
import { JourneyRow } from './journey-row.tsx'
import { TraceForm } from './trace-form.tsx'
import { useTraceFilter } from './use-trace-filter.ts'

/** What happened to mail, including refused mail: a search form, and the journeys it finds. */
export function TracePage({ user }: { user: User }) {
  const t = useTranslations('trace')
  const [filter, setFilter] = useTraceFilter()
  return (
    <PageFrame title={t('title')} hint={t('hint')}>
      {user.permissions.includes('setting:read') ? <FullDiskNotice /> : null}
      <TraceForm key={JSON.stringify(filter)} filter={filter} onSearch={(next) => void setFilter(next)} />
      <section aria-label={t('results')} className="mt-6">
        <Journeys filter={filter} onClear={() => void setFilter(null)} />
      </section>
    </PageFrame>
  )
}

function Journeys({ filter, onClear }: { filter: ReturnType<typeof useTraceFilter>[0]; onClear: () => void }) {
  const t = useTranslations('trace')
  const client = useTRPCClient()
  const failureText = useFailureText()
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null))
  const isNarrowed = Object.keys(given).length > 0
  const list = useInfiniteQuery({
    queryKey: ['journeys', given],
    queryFn: ({ pageParam, signal }) =>
      client.journeys.list.query({ ...given, ...(pageParam === null ? {} : { cursor: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.pagination.cursor,
  })
  if (list.isError && list.data === undefined) {
    const failure = failureText(list.error)
    return (
      <ErrorState
        icon={<Route aria-hidden />}
        title={failure.code === 'VALIDATION_ERROR' ? t('invalid') : failure.title}
        description={failure.code === 'VALIDATION_ERROR' ? t('invalidHelp') : failure.help}
        requestId={failure.requestId}
        requestIdLabel={t('requestId')}
        actions={
          <>
            <Button icon={<RotateCw />} onClick={() => void list.refetch()}>
              {t('retry')}
            </Button>
            {isNarrowed ? <Button onClick={onClear}>{t('clear')}</Button> : null}
          </>
        }
      />
    )
  }
  if (list.data === undefined) {
    return (
      <div aria-busy className="flex flex-col gap-3">
        {Array.from({ length: 6 }, (_, index) => (
          <Skeleton key={index} className="h-12" />
        ))}
      </div>
    )
  }
  const rows = list.data.pages.flatMap(({ data }) => data)
  if (rows.length === 0) {
    return (
      <EmptyState
        icon={<Route aria-hidden />}
        title={t(isNarrowed ? 'nothingFound' : 'nothing')}
        description={t(isNarrowed ? 'nothingFoundHelp' : 'nothingHelp')}
        actions={isNarrowed ? <Button onClick={onClear}>{t('clear')}</Button> : undefined}
      />
    )
  }
  return (
    <>
      <ul className="divide-y rounded-lg border bg-surface">
        {rows.map((journey) => (
          <JourneyRow key={journey.id} journey={journey} />
        ))}
      </ul>
      {list.hasNextPage ? (
        <div className="mt-4 flex justify-center">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('more')}
          </Button>
        </div>
      ) : null}
    </>
  )
}
