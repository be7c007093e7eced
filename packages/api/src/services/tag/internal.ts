import { createId } from '@mairust/db'
import type { TagRow } from '@mairust/db/queries/tag'
import type { Runtime } from '../../context.ts'
import type { TagWire } from './schemas.ts'

/** Colour of a tag that nobody chose one for. */
const DEFAULT_COLOR = '#64748b'

/** The one place where a tag's row becomes its wire form. */
export const toTagWire = ({ id, name, color }: Pick<TagRow, 'id' | 'name' | 'color'>): TagWire => ({ id, name, color })

/** A tag as it is stored when there is none of its name. */
export const newTag = (
  { now }: Pick<Runtime, 'now'>,
  name: string,
  color: string = DEFAULT_COLOR,
): Pick<TagRow, 'id' | 'name' | 'color' | 'createdAt'> => ({
  id: createId('tag'),
  name,
  color: color.toLowerCase(),
  createdAt: now(),
})
