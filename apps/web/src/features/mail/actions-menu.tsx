'use client'

import { DropdownMenu, IconButton, type MenuEntry } from '@mairust/ui'
import { Archive, Ban, FolderInput, Mail, MailOpen, Plus, RotateCcw, Star, Tag as TagIcon, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactElement } from 'react'

import type { Folder, MessageItem, Tag } from '#lib/types.ts'

import type { MailAction } from './data/changes.ts'
import { FolderIcon, useFolderName } from './folder-view.tsx'
import { folderLabel, folderSlug } from './location.ts'

export type ActionsProps = {
  targets: readonly MessageItem[]
  folders: readonly Folder[]
  tags: readonly Tag[]
  /** Label of the folder that all targets are in, if there is one. */
  place: string | null
  onAct: (change: MailAction) => void
  moveOpen: boolean
  onMoveOpen: (open: boolean) => void
  tagOpen: boolean
  onTagOpen: (open: boolean) => void
  onNewTag: () => void
  onPurge: () => void
}

const NO_MOVE_TARGET = new Set(['drafts', 'sent', 'quarantine'])

/** The actions for the selected or the open messages: the same buttons above the list and the message. */
export function MessageActions({ targets, folders, tags, place, onAct, ...menus }: ActionsProps): ReactElement {
  const t = useTranslations('mail')
  const folderName = useFolderName()
  const anyUnread = targets.some(({ seen }) => !seen)
  const allStarred = targets.length > 0 && targets.every(({ starred }) => starred)
  const inTrash = place === 'trash'

  const moveEntries: MenuEntry[] = [
    { kind: 'heading', key: 'heading', label: t('moveTo') },
    ...folders
      .filter((folder) => !NO_MOVE_TARGET.has(folder.role ?? '') && folderLabel(folder) !== place)
      .map((folder): MenuEntry => ({
        kind: 'item',
        key: folder.id,
        label: folderName(folder),
        icon: <FolderIcon kind={folder.role} />,
        onSelect: () =>
          onAct(folder.role === 'trash' ? { action: 'trash' } : { action: 'move', folder: folderSlug(folder) }),
      })),
  ]
  const tagEntries: MenuEntry[] = [
    { kind: 'heading', key: 'heading', label: tags.length === 0 ? t('noTags') : t('tags') },
    ...tags.map((tag): MenuEntry => {
      const checked = targets.length > 0 && targets.every((message) => message.tags.includes(tag.name))
      return {
        kind: 'check',
        key: tag.id,
        label: tag.name,
        icon: <span aria-hidden className="size-2.5 rounded-full" style={{ backgroundColor: tag.color }} />,
        checked,
        onSelect: () => onAct({ action: checked ? 'remove_tag' : 'add_tag', tag: tag.name }),
      }
    }),
    { kind: 'separator', key: 'separator' },
    { kind: 'item', key: 'new', label: t('newTag.action'), icon: <Plus />, onSelect: menus.onNewTag },
  ]

  return (
    <>
      {inTrash ? (
        <>
          <IconButton
            label={t('restore')}
            keys={['e']}
            icon={<RotateCcw />}
            onClick={() => onAct({ action: 'restore' })}
          />
          <IconButton label={t('purgeAction')} keys={['#']} icon={<Trash2 />} onClick={menus.onPurge} />
        </>
      ) : (
        <>
          {place === 'archive' ? null : (
            <IconButton
              label={t('archive')}
              keys={['e']}
              icon={<Archive />}
              onClick={() => onAct({ action: 'move', folder: 'archive' })}
            />
          )}
          <IconButton label={t('trash')} keys={['#']} icon={<Trash2 />} onClick={() => onAct({ action: 'trash' })} />
          {place === 'junk' ? null : (
            <IconButton
              label={t('junk')}
              keys={['!']}
              icon={<Ban />}
              onClick={() => onAct({ action: 'move', folder: 'junk' })}
              className="hidden sm:inline-flex"
            />
          )}
        </>
      )}
      <IconButton
        label={t(anyUnread ? 'markRead' : 'markUnread')}
        keys={['u']}
        icon={anyUnread ? <MailOpen /> : <Mail />}
        onClick={() => onAct({ action: anyUnread ? 'mark_seen' : 'mark_unseen' })}
      />
      <IconButton
        label={t(allStarred ? 'unstar' : 'star')}
        keys={['s']}
        icon={<Star className={allStarred ? 'fill-star text-star' : ''} />}
        onClick={() => onAct({ action: allStarred ? 'unstar' : 'star' })}
        className="hidden sm:inline-flex"
      />
      <DropdownMenu
        align="end"
        open={menus.moveOpen}
        onOpenChange={menus.onMoveOpen}
        entries={moveEntries}
        trigger={<IconButton label={t('move')} keys={['v']} icon={<FolderInput />} />}
      />
      <DropdownMenu
        align="end"
        open={menus.tagOpen}
        onOpenChange={menus.onTagOpen}
        entries={tagEntries}
        trigger={<IconButton label={t('tag')} keys={['l']} icon={<TagIcon />} />}
      />
    </>
  )
}
