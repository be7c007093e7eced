'use client'

import { Button, CopyButton, ErrorState, Skeleton, cn } from '@mairust/ui'
import { useQuery } from '@tanstack/react-query'
import { RotateCw, Route } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'

import type { JourneyStep, MessageDetail } from '#lib/types.ts'
import { useFailureText } from '#lib/use-failure-text.ts'
import { useTRPC } from '#trpc/client.tsx'

const DOTS: Record<string, string> = {
  ok: 'bg-success',
  refused: 'bg-danger',
  failed: 'bg-danger',
  deferred: 'bg-warning',
}
/** What happened to the message between the first contact and the mailbox. */
export function TraceTab({ message }: { message: MessageDetail }) {
  const t = useTranslations('reader')
  const trpc = useTRPC()
  const failureText = useFailureText()
  const journey = useQuery(trpc.messages.journey.queryOptions({ id: message.id }))
  if (journey.isError) {
    const failure = failureText(journey.error)
    return (
      <ErrorState
        icon={<Route aria-hidden />}
        title={failure.code === 'NOT_FOUND' ? t('noTrace') : failure.title}
        description={failure.code === 'NOT_FOUND' ? t('noTraceHelp') : failure.help}
        requestId={failure.requestId}
        requestIdLabel={t('requestId')}
        actions={
          <Button icon={<RotateCw />} onClick={() => void journey.refetch()}>
            {t('retry')}
          </Button>
        }
      />
    )
  }
  if (journey.data === undefined) {
    return (
      <div aria-busy className="flex flex-col gap-4 px-4 py-4 md:px-6">
        {Array.from({ length: 5 }, (_, index) => (
          <Skeleton key={index} className="h-8" />
        ))}
      </div>
    )
  }
  const { data } = journey.data
  return (
    <div className="px-4 py-4 md:px-6">
      <div className="mb-4 flex items-center gap-1 text-sm">
        <span className="text-muted">{t('traceId')}</span>
        <code className="min-w-0 truncate font-mono text-xs">{data.id}</code>
        <CopyButton value={data.id} label={t('copy')} copiedLabel={t('copied')} />
      </div>
      <ol className="flex flex-col">
        {data.steps.map((step, index) => (
          <TraceStep key={index} step={step} />
        ))}
      </ol>
    </div>
  )
}

function TraceStep({ step }: { step: JourneyStep }) {
  const t = useTranslations('reader.trace')
  const locale = useLocale()
  const kind = `kinds.${step.kind}` as const
  const result = `results.${step.result}` as const
  return (
    <li className="group relative flex gap-3 pb-4 last:pb-0">
      <span
        aria-hidden
        className={cn('relative z-1 mt-1.5 size-2 shrink-0 rounded-full', DOTS[step.result] ?? 'bg-subtle')}
      />
      <span aria-hidden className="absolute top-2 -bottom-1.5 left-[3.5px] w-px bg-line-strong group-last:hidden" />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <span className="text-sm font-medium">{t.has(kind) ? t(kind) : step.kind}</span>
          <span className="text-sm text-muted">{t.has(result) ? t(result) : step.result}</span>
          <span className="ml-auto text-xs text-subtle">
            <time dateTime={step.at}>{new Date(step.at).toLocaleTimeString(locale, { hour12: false })}</time> ·{' '}
            {t('after', { ms: step.ms })}
          </span>
        </div>
        <p className="mt-0.5 font-mono text-xs break-words text-muted">
          {[step.name, step.detail].filter((text, at, all) => text !== '' && all.indexOf(text) === at).join('  ')}
        </p>
      </div>
    </li>
  )
}
