'use client'

import { CopyButton, DataList, Isolate, isolated, StatusChip, type Tone } from '@mairust/ui'
import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'
import { Fragment, useState } from 'react'

import type { Journey } from '#lib/types.ts'
import { useFailureText } from '#lib/use-failure-text.ts'
import { useTRPC } from '#trpc/client.tsx'

import { TraceSteps } from './trace-steps.tsx'

const TONES: Record<Journey['status'], Tone> = {
  accepted: 'success',
  delivered: 'success',
  queued: 'info',
  deferred: 'warning',
  partial: 'warning',
  suppressed: 'neutral',
  cancelled: 'neutral',
  aborted: 'neutral',
  refused: 'danger',
  bounced: 'danger',
}

/** The text for an address, or for several; mail may have none of either. */
function usePeople() {
  const t = useTranslations('trace')
  return (addresses: readonly string[]): string => {
    const given = addresses.filter((address) => address !== '')
    return given.length === 0 ? t('nobody') : given.map((address) => isolated(address, 'ltr')).join(', ')
  }
}

/** One journey: sender, recipients and status; expanded, also the SMTP reply and the steps. */
export function JourneyRow({ journey }: { journey: Journey }) {
  const t = useTranslations('trace')
  const locale = useLocale()
  const people = usePeople()
  const [isOpen, setIsOpen] = useState(false)
  const { status, from, to, started_at: at } = journey
  return (
    <li>
      <details className="group" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
        <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-sm hover:bg-hover">
          <ChevronRight
            aria-hidden
            className="size-4 shrink-0 text-subtle transition-transform duration-100 group-open:rotate-90"
          />
          <span className="sm:w-28">
            <StatusChip tone={TONES[status]}>{t(`statuses.${status}`)}</StatusChip>
          </span>
          <span className="order-last min-w-0 basis-full break-words sm:order-none sm:flex-1 sm:basis-0">
            {t('fromTo', { from: people([from]), to: people(to) })}
          </span>
          <time dateTime={at} className="ml-auto text-xs text-subtle">
            {new Date(at).toLocaleString(locale, { dateStyle: 'short', timeStyle: 'medium' })}
          </time>
        </summary>
        {isOpen ? <JourneyDetail listed={journey} /> : null}
      </details>
    </li>
  )
}

/** Up to a thousand addresses: each is laid out alone, so that their number does not matter. */
function Recipients({ addresses }: { addresses: readonly string[] }) {
  return addresses.map((address, index) => (
    <Fragment key={index}>
      {index > 0 && ', '}
      <Isolate dir="ltr" className="inline-block max-w-full break-words">
        {address}
      </Isolate>
    </Fragment>
  ))
}

/** All of a journey: a list has only the first of many recipients and steps, which are shown until the others have come. */
function JourneyDetail({ listed }: { listed: Journey }) {
  const t = useTranslations('trace')
  const people = usePeople()
  const failureText = useFailureText()
  const detail = useQuery(useTRPC().journeys.get.queryOptions({ id: listed.id }))
  const { id, from, to, reason, reply, remote_address: remote, direction, steps } = detail.data?.data ?? listed
  const facts = [
    { key: 'from', term: t('from'), value: <span className="break-words">{people([from])}</span> },
    { key: 'to', term: t('to'), value: to.length === 0 ? people(to) : <Recipients addresses={to} /> },
    { key: 'reply', term: t('reply'), value: <Isolate className="font-mono text-xs break-words">{reply}</Isolate> },
    { key: 'remote', term: t('fields.remote_address'), value: remote },
    { key: 'direction', term: t('fields.direction'), value: t(`directions.${direction}`) },
    { key: 'reason', term: t('fields.reason'), value: reason },
  ].filter(({ value }) => value !== null && value !== '')
  return (
    <div aria-busy={detail.isPending} className="flex flex-col gap-4 border-t px-4 py-4">
      <div className="flex items-center gap-1 text-sm">
        <span className="shrink-0 text-muted">{t('journey')}</span>
        <code className="min-w-0 truncate font-mono text-xs">{id}</code>
        <CopyButton value={id} label={t('copy')} copiedLabel={t('copied')} />
      </div>
      <DataList items={facts} />
      <TraceSteps steps={steps} />
      {detail.isError ? (
        <p role="alert" className="text-sm text-danger">
          {failureText(detail.error).title}
        </p>
      ) : null}
    </div>
  )
}
