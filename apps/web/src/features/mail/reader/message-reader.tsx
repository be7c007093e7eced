'use client'

import { Button, DropdownMenu, EmptyState, ErrorState, IconButton, Skeleton, Toolbar } from '@mairust/ui'
import { ArrowLeft, ChevronDown, ChevronUp, Download, Ellipsis, MailX, RotateCw, Text, Unplug } from 'lucide-react'
import { useTranslations } from 'next-intl'
import dynamic from 'next/dynamic'
import { useState, type ReactNode } from 'react'

import { useFailureText } from '#lib/use-failure-text.ts'

import { useMessage } from '../data/queries.ts'
import { rawPath } from './paths.ts'
import type { ReaderView } from './reader-view.ts'

// Loaded with the first opened message, after the list.
const ReaderContent = dynamic(async () => (await import('./reader-content.tsx')).ReaderContent, {
  loading: () => <ReaderSkeleton />,
})

type MessageReaderProps = ReaderView & {
  id: string
  /** The action buttons for this message. */
  actions: ReactNode
  onClose: () => void
  onPrevious: (() => void) | undefined
  onNext: (() => void) | undefined
}

/** The open message with its toolbar, in any state: loading, failed or loaded. */
export function MessageReader({ id, actions, onClose, onPrevious, onNext, ...view }: MessageReaderProps) {
  const t = useTranslations('reader')
  const failureText = useFailureText()
  const message = useMessage(id)
  const [plainFor, setPlainFor] = useState<string | null>(null)
  const plain = plainFor === id
  const detail = message.message
  const failure = message.isError ? failureText(message.error) : undefined

  return (
    <article
      aria-label={t('message')}
      aria-busy={detail === undefined && failure === undefined}
      className="flex min-h-0 flex-1 flex-col bg-surface"
    >
      <Toolbar label={t('actions')} className="h-12 shrink-0 border-b px-2">
        <IconButton label={t('close')} keys={['Esc']} icon={<ArrowLeft />} onClick={onClose} />
        <span className="mx-1 h-4 w-px shrink-0 bg-line" />
        {detail === undefined ? null : actions}
        <span className="flex-1" />
        <span className="hidden sm:contents">
          <IconButton
            label={t('previous')}
            keys={['k']}
            icon={<ChevronUp />}
            disabled={onPrevious === undefined}
            onClick={onPrevious}
          />
          <IconButton
            label={t('next')}
            keys={['j']}
            icon={<ChevronDown />}
            disabled={onNext === undefined}
            onClick={onNext}
          />
        </span>
        <DropdownMenu
          align="end"
          trigger={<IconButton label={t('more')} icon={<Ellipsis />} />}
          entries={[
            {
              kind: 'check',
              key: 'plain',
              label: t('plainText'),
              icon: <Text />,
              checked: plain,
              onSelect: (on) => setPlainFor(on ? id : null),
            },
            {
              kind: 'link',
              key: 'download',
              label: t('download'),
              icon: <Download />,
              href: rawPath(id),
              download: `${id}.eml`,
            },
          ]}
        />
      </Toolbar>
      {failure !== undefined ? (
        failure.code === 'NOT_FOUND' ? (
          <EmptyState
            icon={<MailX aria-hidden />}
            title={t('gone.title')}
            description={t('gone.help')}
            actions={<Button onClick={onClose}>{t('close')}</Button>}
          />
        ) : (
          <ErrorState
            icon={<Unplug aria-hidden />}
            title={failure.title}
            description={failure.help}
            requestId={failure.requestId}
            requestIdLabel={t('requestId')}
            actions={
              <Button icon={<RotateCw />} onClick={() => void message.refetch()}>
                {t('retry')}
              </Button>
            }
          />
        )
      ) : detail === undefined ? (
        <ReaderSkeleton />
      ) : (
        <ReaderContent detail={detail} plain={plain} {...view} />
      )}
    </article>
  )
}

function ReaderSkeleton() {
  return (
    <div className="flex flex-col gap-4 px-4 py-5 md:px-6">
      <Skeleton className="h-6 w-2/3" />
      <div className="flex gap-3">
        <Skeleton className="size-9 rounded-full" />
        <div className="flex flex-1 flex-col gap-2 pt-1">
          <Skeleton className="h-3 w-40" />
          <Skeleton className="h-3 w-64" />
        </div>
      </div>
      <div className="mt-4 flex flex-col gap-2.5">
        {['w-full', 'w-11/12', 'w-5/6', 'w-4/5', 'w-2/3'].map((width) => (
          <Skeleton key={width} className={`h-3 ${width}`} />
        ))}
      </div>
    </div>
  )
}
