'use client'

import dynamic from 'next/dynamic'
import { useState, type ReactNode } from 'react'

import type { MailCommandsProps } from './mail-commands.tsx'

// What opens seldom is fetched when it does.
const MailCommandPalette = dynamic(async () => (await import('./mail-commands.tsx')).MailCommandPalette)
const NewTagDialog = dynamic(async () => (await import('./new-tag-dialog.tsx')).NewTagDialog)
const PurgeDialog = dynamic(async () => (await import('./purge-dialog.tsx')).PurgeDialog)
const ShortcutsDialog = dynamic(async () => (await import('./shortcuts-dialog.tsx')).ShortcutsDialog)

export type MailDialog = 'help' | 'commands' | 'newTag' | 'purge'

export type MailDialogsProps = Omit<MailCommandsProps, 'open' | 'onOpenChange' | 'onShortcuts'> & {
  shown: string | null
  onShow: (dialog: MailDialog | null) => void
  shortcuts: boolean
  onShortcuts: (on: boolean) => void
}

/** What opens above the mail: keys, commands, the name of a new tag. */
export function MailDialogs({ shown, onShow, shortcuts, onShortcuts, ...commands }: MailDialogsProps) {
  const state = (name: MailDialog) => ({
    open: shown === name,
    onOpenChange: (open: boolean) => onShow(open ? name : null),
  })
  return (
    <>
      <OnceOpened open={shown === 'help'}>
        <ShortcutsDialog {...state('help')} enabled={shortcuts} onEnabledChange={onShortcuts} />
      </OnceOpened>
      <OnceOpened open={shown === 'newTag'}>
        <NewTagDialog {...state('newTag')} onCreate={(tag) => commands.mail.actOnTargets({ action: 'add_tag', tag })} />
      </OnceOpened>
      <OnceOpened open={shown === 'purge'}>
        <PurgeDialog
          {...state('purge')}
          count={commands.mail.targets.length}
          onPurge={() => commands.mail.actOnTargets({ action: 'purge' })}
        />
      </OnceOpened>
      <OnceOpened open={shown === 'commands'}>
        <MailCommandPalette {...state('commands')} {...commands} onShortcuts={() => onShow('help')} />
      </OnceOpened>
    </>
  )
}

/** Nothing before the first opening; afterwards it stays, so that it can fade out. */
function OnceOpened({ open, children }: { open: boolean; children: ReactNode }) {
  const [was, setWas] = useState(open)
  if (open && !was) setWas(true)
  return was ? children : null
}
