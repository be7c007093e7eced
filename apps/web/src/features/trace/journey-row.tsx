'use client'

import { CopyButton, DataList, StatusChip, type Tone } from '@mairust/ui'
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

/** One journey: who wrote to whom and how it stands; opened, its answer and its steps. */
export function JourneyRow({ journey }: { journey: Journey }) {
  const t = useTranslations('trace')
  const locale = useLocale()
  const { id, status, from, to, started_at: at, reason, reply, remote_address: remote, direction } = journey
  const facts = [
    { key: 'reply', term: t('reply'), value: <span className="font-mono text-xs break-words">{reply}</span> },
    { key: 'remote', term: t('fields.remote_address'), value: remote },
    { key: 'direction', term: t('fields.direction'), value: t(`directions.${direction}`) },
    { key: 'reason', term: t('fields.reason'), value: reason },
  ].filter(({ value }) => value !== null && value !== '')
  return (
    <li>
      <details>
        <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-sm hover:bg-hover">
          <StatusChip tone={TONES[status]}>{t(`statuses.${status}`)}</StatusChip>
          <span className="min-w-0 flex-1 truncate">
            {t('fromTo', { from: from === '' ? t('nobody') : from, to: to.length === 0 ? t('nobody') : to.join(', ') })}
          </span>
          <time dateTime={at} className="text-xs text-subtle">
            {new Date(at).toLocaleString(locale, { dateStyle: 'short', timeStyle: 'medium' })}
          </time>
        </summary>
        <div className="flex flex-col gap-4 border-t px-4 py-4">
          <div className="flex items-center gap-1 text-sm">
            <span className="text-muted">{t('journey')}</span>
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
