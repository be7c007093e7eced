'use client'

import {
  Archive,
  Ban,
  FilePen,
  Folder as FolderGlyph,
  Inbox,
  Layers,
  Send,
  ShieldAlert,
  Star,
  Trash2,
} from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useCallback } from 'react'

import type { Folder, FolderRole } from '#lib/types.ts'

import type { View } from './location.ts'

const ICONS = {
  inbox: Inbox,
  sent: Send,
  drafts: FilePen,
  trash: Trash2,
  junk: Ban,
  archive: Archive,
  quarantine: ShieldAlert,
  starred: Star,
  all: Layers,
}

/** The icon of a folder or view. */
export function FolderIcon({ kind }: { kind: FolderRole | View | null }) {
  const Icon = kind === null ? FolderGlyph : ICONS[kind]
  return <Icon aria-hidden />
}

/** The name of a folder in the user's language; the user's own folders keep their names. */
export function useFolderName() {
  const t = useTranslations('mail.folders')
  return useCallback(
    (folder: Pick<Folder, 'name' | 'role'>) => (folder.role === null ? folder.name : t(folder.role)),
    [t],
  )
}

/** The order of the standard folders; the user's own follow, sorted by name. */
const ORDER: readonly FolderRole[] = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'quarantine', 'trash']

export function sortFolders(folders: readonly Folder[]): { standard: Folder[]; own: Folder[] } {
  const standard = ORDER.flatMap((role) => folders.filter((folder) => folder.role === role))
  const own = folders.filter(({ role }) => role === null).sort((a, b) => a.name.localeCompare(b.name))
  return { standard, own }
}
