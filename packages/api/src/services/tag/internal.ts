import { createId } from '@mairust/db'
import type { NewTag, TagRow } from '@mairust/db/queries/tag'
import type { Runtime } from '../../context.ts'
import type { Columns } from '../../wire/index.ts'
import type { TagFields, TagWire } from './schemas.ts'

/** Colour of a new tag without a chosen one. */
const DEFAULT_COLOR = '#64748b'

/** The one place where a tag's row becomes its wire form. */
export const toTagWire = ({ id, name, color }: TagRow): TagWire => ({ id, name, color })

/** The columns of the given fields, for a new tag and for a change. */
export const toColumns = (given: TagFields): Columns<TagRow, TagFields> => ({
  name: given.name,
  color: given.color?.toLowerCase(),
})

/** A row for a new tag. */
export const newTag = ({ now }: Pick<Runtime, 'now'>, given: TagFields & { name: string }): NewTag => {
  const columns = toColumns(given)
  return { ...columns, id: createId('tag'), name: given.name, color: columns.color ?? DEFAULT_COLOR, createdAt: now() }
}
