import { z } from 'zod'
import { id, page } from '../../wire/index.ts'
import { tagName } from '../message/schemas.ts'

/** A tag on the wire. */
export const tagSchema = z.object({ id: z.string(), name: z.string(), color: z.string() })
export type TagWire = z.output<typeof tagSchema>

export const listTagsInput = z.strictObject(page)

export const createTagInput = z.strictObject({
  name: tagName(),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, { error: 'must be a colour such as #1f6feb' })
    .optional(),
})

export const tagIdInput = z.strictObject({ id: id('tag') })
