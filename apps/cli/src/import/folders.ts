import type { FolderWire, ServiceContext } from '@mairust/api/services'
import { nameKey } from '@mairust/db/queries/name-key'
import { allPages } from '../pages.ts'
import { onceEach } from './once-each.ts'
import type { FolderRole } from './source.ts'
import { tidyName } from './tags.ts'

const MAX_NAME = 255

/** Names that other mail clients give to the standard folders. */
const ROLE_NAMES: Readonly<Record<string, FolderRole>> = {
  inbox: 'inbox',
  sent: 'sent',
  'sent mail': 'sent',
  'sent messages': 'sent',
  'sent items': 'sent',
  drafts: 'drafts',
  draft: 'drafts',
  archive: 'archive',
  archives: 'archive',
  'all mail': 'archive',
  junk: 'junk',
  'junk e-mail': 'junk',
  'junk email': 'junk',
  spam: 'junk',
  trash: 'trash',
  bin: 'trash',
  'deleted messages': 'trash',
  'deleted items': 'trash',
}

/** Names with a special meaning in `?folder=`. */
const isReserved = (key: string): boolean => /^(?:anywhere|quarantine|fld_.*)$/.test(key)

function findIn(folders: readonly FolderWire[], name: string): FolderWire | undefined {
  const wanted = nameKey(name)
  // Over IMAP, Gmail's own folders are below one parent.
  const role = ROLE_NAMES[wanted.replace(/^\[(?:gmail|google mail)\]\//, '')]
  return (
    folders.find((folder) => folder.id === wanted || nameKey(folder.name) === wanted) ??
    folders.find((folder) => folder.role !== null && folder.role === role)
  )
}

/** Finds a mailbox's folder by id, role or name, or creates it; looks each up once. */
export const folderFinder = (ctx: ServiceContext, mailboxId: string): ((name: string) => Promise<string>) =>
  onceEach(async (given) => {
    const { createFolder, listFolders } = await import('@mairust/api/services')
    const all = await allPages(listFolders, ctx, { id: mailboxId })
    // The quarantine is MaiRust's own; a source's folder of that name is something else.
    const folders = all.filter(({ role }) => role !== 'quarantine')
    const tidy = tidyName(given, MAX_NAME) || 'Imported'
    const found = findIn(folders, tidy)
    if (found !== undefined) return found.id
    const name = isReserved(nameKey(tidy)) ? tidyName(`Imported ${tidy}`, MAX_NAME) : tidy
    return (findIn(folders, name) ?? (await createFolder(ctx, { id: mailboxId, name }))).id
  })
