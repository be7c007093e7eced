import { z } from 'zod'
import { idOf, line, page, text, wireId, word, type Words } from '../../wire/index.ts'
import { tagName } from '../message/schemas.ts'

const COLOR: Words = ['Colour, `#rrggbb`.', '#1f6feb']

/** A tag on the wire. */
export const tagSchema = z.object({
  id: wireId('tag'),
  name: line('Name of the tag; names that differ only in case count as the same.', 'work'),
  color: line(...COLOR),
})
export type TagWire = z.output<typeof tagSchema>

/** The mailbox whose owner has the tags. */
const mailbox = (description: string) => word(text(320, 1), description, 'hana@example.com').optional()

export const listTagsInput = z.strictObject({
  ...page,
  mailbox: mailbox('Id or address of the mailbox whose owner’s tags you want; your own by default.'),
})

const fields = z.strictObject({
  name: word(tagName(), 'Name of the tag.', 'work'),
  color: word(z.string().regex(/^#[0-9a-f]{6}$/i, { error: 'must be a colour such as #1f6feb' }), ...COLOR).optional(),
})

export const createTagInput = fields.extend({
  mailbox: mailbox('Id or address of the mailbox whose owner gets the tag; you by default.'),
})

export const updateTagInput = fields.partial().extend({ id: idOf('tag') })

/** The fields of a tag that a request may set. */
export type TagFields = Omit<z.output<typeof updateTagInput>, 'id'>

export const tagIdInput = z.strictObject({ id: idOf('tag') })
