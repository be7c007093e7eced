'use client'

import { Button, buttonClass, CodeBlock, ErrorState, Skeleton } from '@mairust/ui'
import { useQuery } from '@tanstack/react-query'
import { Download, RotateCw, Unplug } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'

import { fileSize } from '#lib/format.ts'
import type { MessageDetail } from '#lib/types.ts'

import { LongText } from './blocks.tsx'
import { rawPath } from './paths.ts'
import { readStart } from './read-start.ts'

/** How many bytes to show; the rest is in the download. */
const SHOWN_BYTES = 262_144

/** The message as it arrived, byte for byte. */
export function SourceTab({ message }: { message: MessageDetail }) {
  const t = useTranslations('reader')
  const locale = useLocale()
  const source = useQuery({
    queryKey: ['mail', 'source', message.id],
    queryFn: async ({ signal }) => readStart(await fetch(rawPath(message.id), { signal }), SHOWN_BYTES),
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
  })
  return (
    <div className="flex flex-col gap-3 px-4 py-4 md:px-6">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm text-muted">
          {message.size > SHOWN_BYTES
            ? t('sourceCut', { shown: fileSize(SHOWN_BYTES, locale), size: fileSize(message.size, locale) })
            : fileSize(message.size, locale)}
        </p>
        <a href={rawPath(message.id)} download={`${message.id}.eml`} className={buttonClass({ size: 'sm' })}>
          <Download aria-hidden />
          {t('download')}
        </a>
      </div>
      {source.isError ? (
        <ErrorState
          icon={<Unplug aria-hidden />}
          title={t('sourceFailed')}
          requestIdLabel=""
          actions={
            <Button icon={<RotateCw />} onClick={() => void source.refetch()}>
              {t('retry')}
            </Button>
          }
        />
      ) : source.data === undefined ? (
        <Skeleton className="h-64" />
      ) : (
        <CodeBlock code={source.data} label={t('tabs.source')} copyLabel={t('copy')} copiedLabel={t('copied')} wrap>
          <LongText text={source.data} />
        </CodeBlock>
      )}
    </div>
  )
}
