import type { FolderWire, ServiceContext } from '@mairust/api/services'
import { nameKey } from '@mairust/db/queries/name-key'
import { allPages } from '../pages.ts'

type Role = NonNullable<FolderWire['role']>

/** What other mail programs call the folders that every mailbox has. */
const ROLE_NAMES: Readonly<Record<string, Role>> = {
  inbox: 'inbox',
  sent: 'sent',
  'sent messages': 'sent',
  'sent items': 'sent',
  drafts: 'drafts',
  archive: 'archive',
  archives: 'archive',
  junk: 'junk',
  spam: 'junk',
  trash: 'trash',
  'deleted messages': 'trash',
  'deleted items': 'trash',
}

/** Finds the folder of a mailbox by id, role or name, and makes it when there is none; each is looked up once. */
export function folderFinder(ctx: ServiceContext, mailboxId: string): (name: string) => Promise<string> {
  const known = new Map<string, Promise<string>>()
  const find = async (name: string): Promise<string> => {
    const { createFolder, listFolders } = await import('@mairust/api/services')
    const folders = await allPages(listFolders, ctx, { id: mailboxId })
    const wanted = nameKey(name)
    const found =
      folders.find((folder) => folder.id === wanted || nameKey(folder.name) === wanted) ??
      folders.find((folder) => folder.role !== null && folder.role === ROLE_NAMES[wanted])
    return (found ?? (await createFolder({ ctx, input: { id: mailboxId, name } }))).id
  }
  return (name) => {
    const folder = known.get(name) ?? find(name)
    known.set(name, folder)
    return folder
  }
}
