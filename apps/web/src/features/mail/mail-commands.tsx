'use client'

import { CommandPalette, type CommandGroup } from '@mairust/ui'
import { Archive, Keyboard, Mail, Moon, RotateCcw, Star, Sun, Trash2, Undo2 } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { useTheme } from '#features/preferences/use-preferences.ts'
import type { Folder, Mailbox } from '#lib/types.ts'

import { FolderIcon, sortFolders, useFolderName } from './folder-view.tsx'
import { folderSlug, type MailPlace } from './location.ts'
import type { MailController } from './use-mail-controller.ts'

export type MailCommandsProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  mail: MailController
  mailboxes: readonly Mailbox[]
  folders: readonly Folder[]
  place: MailPlace
  onGo: (place: MailPlace) => void
  onUndo: () => void
  onPurge: () => void
  onShortcuts: () => void
}

/** The palette of Ctrl-K: every folder, mailbox and action by name. */
export function MailCommandPalette({
  mail,
  mailboxes,
  folders,
  place,
  onGo,
  onUndo,
  onPurge,
  onShortcuts,
  ...dialog
}: MailCommandsProps) {
  const t = useTranslations('mail')
  const tCommands = useTranslations('commands')
  const folderName = useFolderName()
  const [theme, setTheme] = useTheme()
  const { standard, own } = sortFolders(folders)
  const groups: CommandGroup[] = [
    ...(mail.targets.length === 0
      ? []
      : [
          {
            id: 'act',
            heading: tCommands('act', { count: mail.targets.length }),
            items: [
              ...(mail.place === 'trash'
                ? [
                    {
                      id: 'restore',
                      label: t('restore'),
                      icon: <RotateCcw />,
                      keys: ['e'],
                      onSelect: () => mail.actOnTargets({ action: 'restore' }),
                    },
                    { id: 'purge', label: t('purgeAction'), icon: <Trash2 />, keys: ['#'], onSelect: onPurge },
                  ]
                : [
                    {
                      id: 'archive',
                      label: t('archive'),
                      icon: <Archive />,
                      keys: ['e'],
                      onSelect: () => mail.actOnTargets({ action: 'move', folder: 'archive' }),
                    },
                    {
                      id: 'trash',
                      label: t('trash'),
                      icon: <Trash2 />,
                      keys: ['#'],
                      onSelect: () => mail.actOnTargets({ action: 'trash' }),
                    },
                  ]),
              {
                id: 'star',
                label: t('star'),
                icon: <Star />,
                keys: ['s'],
                onSelect: () => mail.actOnTargets({ action: 'star' }),
              },
              {
                id: 'unread',
                label: t('markUnread'),
                icon: <Mail />,
                keys: ['u'],
                onSelect: () => mail.actOnTargets({ action: 'mark_unseen' }),
              },
            ],
          },
        ]),
    {
      id: 'go',
      heading: tCommands('go'),
      items: [
        ...[...standard, ...own].map((folder) => ({
          id: `folder-${folder.id}`,
          label: folderName(folder),
          keywords: [folder.name],
          icon: <FolderIcon kind={folder.role} />,
          onSelect: () => onGo({ mailbox: place.mailbox, folder: folderSlug(folder) }),
        })),
        ...mailboxes
          .filter(({ address }) => address !== place.mailbox)
          .map(({ id, address }) => ({
            id: `mailbox-${id}`,
            label: address,
            icon: <Mail />,
            onSelect: () => onGo({ mailbox: address, folder: 'inbox' }),
          })),
      ],
    },
    {
      id: 'more',
      heading: tCommands('more'),
      items: [
        { id: 'undo', label: t('undo'), icon: <Undo2 />, keys: ['z'], onSelect: onUndo },
        theme === 'dark'
          ? { id: 'light', label: tCommands('light'), icon: <Sun />, onSelect: () => setTheme('light') }
          : { id: 'dark', label: tCommands('dark'), icon: <Moon />, onSelect: () => setTheme('dark') },
        { id: 'shortcuts', label: tCommands('shortcuts'), icon: <Keyboard />, keys: ['?'], onSelect: onShortcuts },
      ],
    },
  ]
  return (
    <CommandPalette
      {...dialog}
      label={tCommands('label')}
      placeholder={tCommands('placeholder')}
      emptyText={tCommands('empty')}
      groups={groups}
    />
  )
}
