'use client'

import { Button, EmptyState, ErrorState, isolated } from '@mairust/ui'
import { Inbox, MailCheck, RotateCw, SearchX, Unplug } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { useFailureText } from '#lib/use-failure-text.ts'

import { FolderIcon } from '../folder-view.tsx'
import type { View } from '../location.ts'
import type { FolderRole } from '#lib/types.ts'

const KNOWN = [
  'inbox',
  'sent',
  'drafts',
  'trash',
  'junk',
  'archive',
  'quarantine',
  'starred',
  'all',
] as const satisfies readonly (FolderRole | View)[]

export type EmptyListProps = { folder: string; address: string; q: string; unreadOnly: boolean; onClear: () => void }

/** Why the list is empty, and what would fill it. */
export function EmptyList({ folder, address, q, unreadOnly, onClear }: EmptyListProps) {
  const t = useTranslations('mail.empty')
  if (q !== '') {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title={t('search.title')}
        description={t('search.help', { query: isolated(q) })}
        actions={<Button onClick={onClear}>{t('clearSearch')}</Button>}
      />
    )
  }
  if (unreadOnly) {
    return (
      <EmptyState
        icon={<MailCheck aria-hidden />}
        title={t('unread.title')}
        description={t('unread.help')}
        actions={<Button onClick={onClear}>{t('showAll')}</Button>}
      />
    )
  }
  const known = KNOWN.find((name) => name === folder)
  if (known === undefined)
    return <EmptyState icon={<FolderIcon kind={null} />} title={t('own.title')} description={t('own.help')} />
  return (
    <EmptyState
      icon={known === 'inbox' ? <Inbox aria-hidden /> : <FolderIcon kind={known} />}
      title={t(`${known}.title`)}
      description={t(`${known}.help`, { address: isolated(address, 'ltr') })}
    />
  )
}

/** The list could not be read. */
export function ListError({ error, onRetry, onHome }: { error: unknown; onRetry: () => void; onHome: () => void }) {
  const t = useTranslations('mail')
  const failureText = useFailureText()
  const failure = failureText(error)
  const missing = failure.code === 'NOT_FOUND'
  return (
    <ErrorState
      icon={missing ? <SearchX aria-hidden /> : <Unplug aria-hidden />}
      title={missing ? t('noFolder.title') : failure.title}
      description={missing ? t('noFolder.help') : failure.help}
      requestId={failure.requestId}
      requestIdLabel={t('requestId')}
      actions={
        missing ? (
          <Button onClick={onHome}>{t('goInbox')}</Button>
        ) : (
          <Button icon={<RotateCw />} onClick={onRetry}>
            {t('retry')}
          </Button>
        )
      }
    />
  )
}
