import type { TagRow } from '@mairust/db/queries/tag'
import type { TagWire } from './schemas.ts'

/** The one place where a tag's row becomes its wire form. */
export const toTagWire = ({ id, name, color }: Pick<TagRow, 'id' | 'name' | 'color'>): TagWire => ({ id, name, color })
