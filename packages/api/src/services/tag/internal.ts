import { createId, type Db } from '@mairust/db'
import { countTags, ensureTagRows, type NewTag, type TagOwner, type TagRow } from '@mairust/db/queries/tag'
import type { Runtime } from '../../context.ts'
import { LIMITS } from '../../contract/limits.ts'
import { AppError } from '../../errors.ts'
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

/**
 * Adds the tags that an owner lacks, and locks all that are wanted.
 * @throws AppError CONFLICT when the owner has too many
 */
export const addTags = async (tx: Db, owner: TagOwner, wanted: readonly NewTag[]): Promise<AddedTags> => {
  const tags = await ensureTagRows(tx, owner, wanted)
  const created = tags.filter((tag) => wanted.some(({ id }) => id === tag.id))
  if (created.length > 0 && (await countTags(tx, owner)) > LIMITS.tags) {
    throw new AppError('CONFLICT', `There can be at most ${LIMITS.tags} tags. Remove some that are not used.`)
  }
  return { tags, created }
}

/** The tags that were wanted, and those of them that are new. */
interface AddedTags {
  readonly tags: TagRow[]
  readonly created: TagRow[]
}

/** A row for a new tag. */
export const newTag = ({ now }: Pick<Runtime, 'now'>, given: TagFields & { name: string }): NewTag => {
  const columns = toColumns(given)
  return { ...columns, id: createId('tag'), name: given.name, color: columns.color ?? DEFAULT_COLOR, createdAt: now() }
}
