import type { IdPrefix } from '@mairust/mail-core/id'
import { z } from 'zod'
import { exampleId, id } from './scalars.ts'

/** What a field is: its meaning, an example where its parts do not give one, and its format where the schema does not say it. */
export type Words = readonly [description: string, example?: unknown, format?: 'date-time' | 'email' | 'int64' | 'uri']

/** Where a schema keeps its example: JSON Schema has a list of them, which zod leaves out of inputs that it transforms. */
export const EXAMPLE = 'x-example'

/**
 * Gives a field its words in the OpenAPI document. Only `optional` and `default` come after it: before `nullable` it would describe
 * one of the values alone.
 */
export const word = <Schema extends z.ZodType>(schema: Schema, ...[description, example, format]: Words): Schema =>
  schema.meta({
    description,
    ...(example === undefined ? {} : { [EXAMPLE]: example }),
    ...(format === undefined ? {} : { format }),
  })

/** The words of an email address. */
export const ADDRESS: Words = ['Email address.', 'hana@example.com', 'email']

const OWN_ID = 'Id: a prefix for the kind of thing, an underscore and 26 characters.'

/** An id in a request, of the thing that it is about unless said otherwise. */
export const idOf = (prefix: IdPrefix, description = OWN_ID) => word(id(prefix), description)

/** An id in an answer, of the thing that it tells of unless said otherwise. */
export const wireId = (prefix: IdPrefix, description = OWN_ID) => word(z.string(), description, exampleId(prefix))

/** The words of a time. */
export const timeWords = (description: string): Words => [description, '2026-01-31T12:00:00.000Z', 'date-time']

/** A time in an answer. */
export const time = (description: string) => word(z.string(), ...timeWords(description))

/** A time in an answer; there may be none. */
export const timeOrNull = (description: string) => word(z.string().nullable(), ...timeWords(description))

/** When a thing was made, in its answer. */
export const createdAt = time('When it was created.')

/** A whole number in an answer. */
export const count = (description: string, example: number) => word(z.number(), description, example, 'int64')

/** A boolean in an answer. */
export const flag = (...words: Words) => word(z.boolean(), ...words)

/** A text in an answer. */
export const line = (...words: Words) => word(z.string(), ...words)

/** A text in an answer; there may be none, as in the example unless it gives another. */
export const lineOrNull = (description: string, example: string | null = null) =>
  word(z.string().nullable(), description, example)

/** The parameter of a list that looks for a text in names. */
export const NAME_SEARCH: Words = ['Finds entries with this text in their names.', 'hana']
