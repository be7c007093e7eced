'use client'

import { CopyButton, DataList, Isolate, isolated, StatusChip, type Tone } from '@mairust/ui'
import { ChevronRight } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'

import type { Journey } from '#lib/types.ts'

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

/** One journey: sender, recipients and status; expanded, also the SMTP reply and the steps. */
export function JourneyRow({ journey }: { journey: Journey }) {
  const t = useTranslations('trace')
  const locale = useLocale()
  const { id, status, from, to, started_at: at, reason, reply, remote_address: remote, direction } = journey
  const sender = from === '' ? t('nobody') : isolated(from, 'ltr')
  const recipients = to.length === 0 ? t('nobody') : to.map((address) => isolated(address, 'ltr')).join(', ')
  const facts = [
    { key: 'from', term: t('from'), value: <span className="break-words">{sender}</span> },
    { key: 'to', term: t('to'), value: <span className="break-words">{recipients}</span> },
    { key: 'reply', term: t('reply'), value: <Isolate className="font-mono text-xs break-words">{reply}</Isolate> },
    { key: 'remote', term: t('fields.remote_address'), value: remote },
    { key: 'direction', term: t('fields.direction'), value: t(`directions.${direction}`) },
    { key: 'reason', term: t('fields.reason'), value: reason },
  ].filter(({ value }) => value !== null && value !== '')
  return (
    <li>
      <details className="group">
        <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-sm hover:bg-hover">
          <ChevronRight
            aria-hidden
            className="size-4 shrink-0 text-subtle transition-transform duration-100 group-open:rotate-90"
          />
          <span className="sm:w-28">
            <StatusChip tone={TONES[status]}>{t(`statuses.${status}`)}</StatusChip>
          </span>
          <span className="order-last min-w-0 basis-full break-words sm:order-none sm:flex-1 sm:basis-0">
            {t('fromTo', { from: sender, to: recipients })}
          </span>
          <time dateTime={at} className="ml-auto text-xs text-subtle">
            {new Date(at).toLocaleString(locale, { dateStyle: 'short', timeStyle: 'medium' })}
          </time>
        </summary>
        <div className="flex flex-col gap-4 border-t px-4 py-4">
          <div className="flex items-center gap-1 text-sm">
            <span className="shrink-0 text-muted">{t('journey')}</span>
            <code className="min-w-0 truncate font-mono text-xs">{id}</code>
            <CopyButton value={id} label={t('copy')} copiedLabel={t('copied')} />
          </div>
          <DataList items={facts} />
          <TraceSteps steps={journey.steps} />
        </div>
      </details>
    </li>
  )
}
