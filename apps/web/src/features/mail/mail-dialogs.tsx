'use client'

import { useTranslations } from 'next-intl'
import dynamic from 'next/dynamic'
import { useState, type ReactNode } from 'react'

import type { MessageItem } from '#lib/types.ts'

import { noticeOf } from './data/use-mail-actions.ts'
import type { MailCommandsProps } from './mail-commands.tsx'

// Rarely opened, so loaded when opened.
const MailCommandPalette = dynamic(async () => (await import('./mail-commands.tsx')).MailCommandPalette)
const NewTagDialog = dynamic(async () => (await import('./new-tag-dialog.tsx')).NewTagDialog)
const ConfirmDialog = dynamic(async () => (await import('./confirm-dialog.tsx')).ConfirmDialog)
const ShortcutsDialog = dynamic(async () => (await import('./shortcuts-dialog.tsx')).ShortcutsDialog)

export type MailDialog = 'help' | 'commands' | 'newTag' | 'purge'

export type MailDialogsProps = Omit<MailCommandsProps, 'open' | 'onOpenChange' | 'onPurge' | 'onShortcuts'> & {
  shown: string | null
  onShow: (dialog: MailDialog | null) => void
  /** The message that the dialog is about, if it was opened from the reader. */
  only: MessageItem | undefined
  shortcuts: boolean
  onShortcuts: (on: boolean) => void
}

/** The dialogs of the mail pages: shortcuts, commands, new tag, confirmations. */
export function MailDialogs({ shown, onShow, only, shortcuts, onShortcuts, ...commands }: MailDialogsProps) {
  const t = useTranslations('mail')
  const { mail } = commands
  const state = (name: MailDialog) => ({
    open: shown === name,
    onOpenChange: (open: boolean) => onShow(open ? name : null),
  })
  const targets = only === undefined ? mail.targets : [only]
  const count = targets.length
  return (
    <>
      <OnceOpened open={shown === 'help'}>
        <ShortcutsDialog {...state('help')} enabled={shortcuts} onEnabledChange={onShortcuts} />
      </OnceOpened>
      <OnceOpened open={shown === 'newTag'}>
        <NewTagDialog
          {...state('newTag')}
          onCreate={(tag) =>
            only === undefined
              ? mail.actOnTargets({ action: 'add_tag', tag })
              : mail.act([only], { action: 'add_tag', tag })
          }
        />
      </OnceOpened>
      <OnceOpened open={shown === 'purge'}>
        <ConfirmDialog
          {...state('purge')}
          title={t('purge.title', { count })}
          help={t('purge.help')}
          action={t('purge.action', { count })}
          onConfirm={() => mail.act(targets, { action: 'purge' })}
        />
      </OnceOpened>
      <OnceOpened open={mail.toConfirm !== null}>
        <ConfirmDialog
          open={mail.toConfirm !== null}
          onOpenChange={(open) => {
            if (!open) mail.setToConfirm(null)
          }}
          title={t('confirm.title', { count: mail.targets.length })}
          help={t('confirm.help')}
          action={t(`confirm.${mail.toConfirm === null ? 'moved' : noticeOf(mail.toConfirm)}`, {
            count: mail.targets.length,
          })}
          onConfirm={() => {
            if (mail.toConfirm !== null) mail.act(mail.targets, mail.toConfirm)
          }}
        />
      </OnceOpened>
      <OnceOpened open={shown === 'commands'}>
        <MailCommandPalette
          {...state('commands')}
          {...commands}
          onPurge={() => onShow('purge')}
          onShortcuts={() => onShow('help')}
        />
      </OnceOpened>
    </>
  )
}

/** Mounts its children at the first opening and keeps them, so that they can fade out. */
function OnceOpened({ open, children }: { open: boolean; children: ReactNode }) {
  const [was, setWas] = useState(open)
  if (open && !was) setWas(true)
  return was ? children : null
}
