'use client'

import {
  DropdownMenu,
  Isolate,
  isolated,
  NavItem,
  SidebarCollapsed,
  SidebarGroup,
  Skeleton,
  type MenuEntry,
} from '@mairust/ui'
import { Check, ChevronsUpDown, Mail } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'
import { useContext } from 'react'

import { fileSize } from '#lib/format.ts'
import type { Folder, Mailbox } from '#lib/types.ts'

import { FolderIcon, sortFolders, useFolderName } from './folder-view.tsx'
import { folderSlug, VIEWS, type MailPlace } from './location.ts'
import { MailLink } from './mail-link.tsx'

export type MailSidebarProps = {
  mailboxes: readonly Mailbox[]
  folders: readonly Folder[] | undefined
  place: MailPlace
  onGo: (place: MailPlace) => void
}

const KEYS: Partial<Record<string, string>> = { inbox: 'i', sent: 's', drafts: 'd', trash: 't', archive: 'a' }

/** The folders of a mailbox with their unread counts, and a switch between mailboxes. */
export function MailSidebar({ mailboxes, folders, place, onGo }: MailSidebarProps) {
  const t = useTranslations('mail')
  const locale = useLocale()
  const folderName = useFolderName()
  const { standard, own } = sortFolders(folders ?? [])
  const item = (
    slug: string,
    label: string,
    role: Parameters<typeof FolderIcon>[0]['kind'],
    count: number,
    bold: boolean,
  ) => (
    <NavItem
      key={slug}
      render={<MailLink place={{ mailbox: place.mailbox, folder: slug }} onGo={onGo} />}
      icon={<FolderIcon kind={role} />}
      label={label}
      active={place.folder === slug}
      keys={KEYS[slug] === undefined ? undefined : ['g', KEYS[slug]]}
      badge={
        count === 0 ? null : (
          <span className={bold ? 'text-xs font-semibold text-fg' : 'text-xs text-subtle'}>
            {count.toLocaleString(locale)}
          </span>
        )
      }
    />
  )
  return (
    <>
      <MailboxSwitch mailboxes={mailboxes} place={place} onGo={onGo} />
      <SidebarGroup>
        {folders === undefined
          ? Array.from({ length: 6 }, (_, index) => <Skeleton key={index} className="mx-2 my-2 h-4" />)
          : standard.map((folder) =>
              item(
                folderSlug(folder),
                folderName(folder),
                folder.role,
                folder.role === 'drafts'
                  ? folder.total
                  : folder.role === 'trash' || folder.role === 'sent'
                    ? 0
                    : folder.unseen,
                folder.role === 'inbox',
              ),
            )}
      </SidebarGroup>
      <SidebarGroup title={t('views')}>
        {VIEWS.map((view) => item(view, t(`folders.${view}`), view, 0, false))}
      </SidebarGroup>
      {own.length === 0 ? null : (
        <SidebarGroup title={t('ownFolders')}>
          {own.map((folder) => item(folder.id, folder.name, null, folder.unseen, false))}
        </SidebarGroup>
      )}
    </>
  )
}

function MailboxSwitch({ mailboxes, place, onGo }: Pick<MailSidebarProps, 'mailboxes' | 'place' | 'onGo'>) {
  const t = useTranslations('mail')
  const collapsed = useContext(SidebarCollapsed)
  const [only] = mailboxes
  if (mailboxes.length === 1 && only?.address === place.mailbox) {
    return collapsed ? null : (
      <p className="px-4 pt-1 pb-1 text-xs text-subtle">
        <Isolate dir="ltr" truncate>
          {place.mailbox}
        </Isolate>
      </p>
    )
  }
  const entries = mailboxes.map((mailbox): MenuEntry => ({
    kind: 'item',
    key: mailbox.id,
    label: mailbox.address,
    icon: mailbox.address === place.mailbox ? <Check /> : <Mail />,
    onSelect: () => onGo({ mailbox: mailbox.address, folder: 'inbox' }),
  }))
  return (
    <div className="px-2 pb-1">
      <DropdownMenu
        entries={entries}
        trigger={
          <button
            type="button"
            aria-label={t('switchMailbox', { address: isolated(place.mailbox, 'ltr') })}
            className="flex h-8 w-full items-center gap-2 rounded-md border bg-surface px-2 text-left text-sm hover:bg-hover"
          >
            <Mail aria-hidden className="size-4 shrink-0 text-subtle" />
            {collapsed ? null : (
              <>
                <Isolate dir="ltr" truncate className="flex-1">
                  {place.mailbox}
                </Isolate>
                <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-subtle" />
              </>
            )}
          </button>
        }
      />
    </div>
  )
}

/** How full the mailbox is. */
export function QuotaMeter({ mailbox }: { mailbox: Mailbox | undefined }) {
  const t = useTranslations('mail')
  const locale = useLocale()
  const collapsed = useContext(SidebarCollapsed)
  if (mailbox === undefined || collapsed) return null
  const quota = mailbox.quota_bytes ?? 0
  const used = fileSize(mailbox.used_bytes, locale)
  const share = quota === 0 ? 0 : Math.min(1, mailbox.used_bytes / quota)
  const tone = share >= 1 ? 'bg-danger' : share >= 0.9 ? 'bg-warning' : 'bg-accent-solid'
  return (
    <div className="px-4 py-3 text-xs text-subtle">
      {quota === 0 ? (
        t('used', { used })
      ) : (
        <>
          <div
            role="meter"
            aria-label={t('quota')}
            aria-valuemin={0}
            aria-valuemax={quota}
            aria-valuenow={mailbox.used_bytes}
            aria-valuetext={t('usedOf', { used, quota: fileSize(quota, locale) })}
            className="mb-1.5 h-1 overflow-hidden rounded-full bg-pressed"
          >
            <div className={`h-full ${tone}`} style={{ width: `${String(Math.max(1, share * 100))}%` }} />
          </div>
          {t('usedOf', { used, quota: fileSize(quota, locale) })}
        </>
      )}
    </div>
  )
}
