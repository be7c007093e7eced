import { nameKey } from '@mairust/db/queries/name-key'
import { ANYWHERE, FOLDER_ROLES } from '@mairust/db/schema'
import { z } from 'zod'
import { id, label, page } from '../../wire/index.ts'

/** A folder on the wire. */
export const folderSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(FOLDER_ROLES).nullable(),
  total: z.number(),
  unseen: z.number(),
})
export type FolderWire = z.output<typeof folderSchema>

/** Whether `?folder=` would take a name for something else. */
const hasMeaning = (name: string): boolean => {
  const key = nameKey(name)
  return key === ANYWHERE || key.startsWith('fld_') || FOLDER_ROLES.some((role) => role === key)
}

const name = () =>
  label(255, 1).refine((given) => !hasMeaning(given), {
    error: 'is a word with a meaning of its own; choose another',
  })

/** `id` is the mailbox's. */
export const listFoldersInput = z.strictObject({ id: id('mbx'), ...page })
export const createFolderInput = z.strictObject({ id: id('mbx'), name: name() })
export const updateFolderInput = z.strictObject({ id: id('mbx'), folder_id: id('fld'), name: name().optional() })
export const folderIdInput = z.strictObject({ id: id('mbx'), folder_id: id('fld') })
