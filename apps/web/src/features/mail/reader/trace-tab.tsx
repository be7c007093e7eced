'use client'

import { Button, CopyButton, ErrorState, Skeleton, cn } from '@mairust/ui'
import { useQuery } from '@tanstack/react-query'
import { RotateCw, Route } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'

import type { MessageDetail } from '#lib/types.ts'
import { useFailureText } from '#lib/use-failure-text.ts'
import { useTRPC } from '#trpc/client.tsx'

const GOOD = /^(?:ok|pass|accepted|stored|delivered|allow|resolved|completed|done)$/i
const BAD = /^(?:fail|failed|refused|rejected|reject|error|bounced|permerror)$/i

function dotOf(result: string): string {
  if (GOOD.test(result)) return 'bg-success'
  return BAD.test(result) ? 'bg-danger' : 'bg-subtle'
}

/** What happened to the message between the first contact and the mailbox. */
export function TraceTab({ message }: { message: MessageDetail }) {
  const t = useTranslations('reader')
  const trpc = useTRPC()
  const locale = useLocale()
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
          <li key={index} className="group relative flex gap-3 pb-4 last:pb-0">
            <span aria-hidden className={cn('relative z-1 mt-1.5 size-2 shrink-0 rounded-full', dotOf(step.result))} />
            <span
              aria-hidden
              className="absolute top-2 -bottom-1.5 left-[3.5px] w-px bg-line-strong group-last:hidden"
            />
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap items-baseline gap-x-2">
                <span className="text-sm font-medium">{step.name === '' ? step.kind : step.name}</span>
                <span className="text-sm text-muted">{step.result}</span>
                <span className="ml-auto text-xs text-subtle">
                  <time dateTime={step.at}>{new Date(step.at).toLocaleTimeString(locale, { hour12: false })}</time> ·{' '}
                  {t('milliseconds', { ms: step.ms })}
                </span>
              </div>
              <span className="block text-xs text-subtle">{step.kind}</span>
              {step.detail === '' ? null : (
                <span className="mt-0.5 block font-mono text-xs break-words text-muted">{step.detail}</span>
              )}
            </div>
          </li>
        ))}
      </ol>
      {data.reply === '' ? null : (
        <p className="mt-4 rounded-md border bg-sunken px-3 py-2 font-mono text-xs">{data.reply}</p>
      )}
    </div>
  )
}
