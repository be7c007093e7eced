import { nameKey } from '@mairust/db/queries/name-key'
import { ANYWHERE, FOLDER_ROLES } from '@mairust/db/schema'
import { z } from 'zod'
import { count, idOf, label, line, page, wireId, word, type Words } from '../../wire/index.ts'

const NAME: Words = ['Name of the folder.', 'Projects']

/** A folder on the wire. */
export const folderSchema = z.object({
  id: wireId('fld'),
  name: line(...NAME),
  role: word(z.enum(FOLDER_ROLES).nullable(), 'What the folder is for; null if a user created it.', 'inbox'),
  total: count('Number of messages.', 120),
  unseen: count('Number of unread messages.', 3),
})
export type FolderWire = z.output<typeof folderSchema>

/** Whether `?folder=` or `in:` would take the name for something else. */
const isReserved = (name: string): boolean => {
  const key = nameKey(name)
  return key === ANYWHERE || key.startsWith('fld_') || FOLDER_ROLES.some((role) => role === key)
}

const fields = {
  name: word(
    label(255, 1).refine((given) => !isReserved(given), { error: 'is a reserved name; choose another' }),
    ...NAME,
  ),
}

const mailboxOnly = { id: idOf('mbx', 'Id of the mailbox.') }
const ids = { ...mailboxOnly, folder_id: idOf('fld', 'Id of the folder.') }

/** `id` is the mailbox's. */
export const listFoldersInput = z.strictObject({ ...mailboxOnly, ...page })
export const createFolderInput = z.strictObject({ ...mailboxOnly, ...fields })
export const updateFolderInput = z.strictObject(fields).partial().extend(ids)
/** The fields of a folder that a request may set. */
export type FolderFields = Omit<z.output<typeof updateFolderInput>, 'id' | 'folder_id'>

export const folderIdInput = z.strictObject(ids)
