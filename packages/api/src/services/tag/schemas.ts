import { z } from 'zod'
import { id, page, text } from '../../wire/index.ts'
import { tagName } from '../message/schemas.ts'

/** A tag on the wire. */
export const tagSchema = z.object({ id: z.string(), name: z.string(), color: z.string() })
export type TagWire = z.output<typeof tagSchema>

/** Id or address of the mailbox whose owner's tags are meant. */
const mailbox = () => text(320, 1).optional()

export const listTagsInput = z.strictObject({ ...page, mailbox: mailbox() })

const color = () => z.string().regex(/^#[0-9a-f]{6}$/i, { error: 'must be a colour such as #1f6feb' })

export const createTagInput = z.strictObject({ name: tagName(), color: color().optional(), mailbox: mailbox() })

export const updateTagInput = z.strictObject({
  id: id('tag'),
  name: tagName().optional(),
  color: color().optional(),
})

export const tagIdInput = z.strictObject({ id: id('tag') })
