'use client'

import { Button, CopyButton, ErrorState, Skeleton } from '@mairust/ui'
import { useQuery } from '@tanstack/react-query'
import { RotateCw, Route } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { TraceSteps } from '#features/trace/trace-steps.tsx'
import type { MessageDetail } from '#lib/types.ts'
import { useFailureText } from '#lib/use-failure-text.ts'
import { useTRPC } from '#trpc/client.tsx'

/** What happened to the message between the connection and the mailbox. */
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
      <TraceSteps steps={data.steps} />
    </div>
  )
}
