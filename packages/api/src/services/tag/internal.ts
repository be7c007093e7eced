import type { TagRow } from '@mairust/db/queries/tag'
import type { TagWire } from './schemas.ts'

/** Topic of `changes` that says that the tenant's tags are different. */
export const tagsTopic = (tenantId: string): string => `tags:${tenantId}`

/** The one place where a tag's row becomes its wire form. */
export const toTagWire = ({ id, name, color }: Pick<TagRow, 'id' | 'name' | 'color'>): TagWire => ({ id, name, color })
