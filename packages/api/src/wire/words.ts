import type { IdPrefix } from '@mairust/mail-core/id'
import { z } from 'zod'
import { exampleId, id } from './scalars.ts'

/** The description of a field, an example if its parts have none, and its format if the schema does not state it. */
export type Words = readonly [description: string, example?: unknown, format?: 'date-time' | 'email' | 'int64' | 'uri']

/** The meta key of a schema's example. Not JSON Schema's `examples`, which zod drops from inputs that it transforms. */
export const EXAMPLE = 'x-example'

/**
 * Describes a field in the OpenAPI document. Only `optional` and `default` may follow it: before `nullable` it would describe only the
 * value that is not null.
 */
export const word = <Schema extends z.ZodType>(schema: Schema, ...[description, example, format]: Words): Schema =>
  schema.meta({
    description,
    ...(example === undefined ? {} : { [EXAMPLE]: example }),
    ...(format === undefined ? {} : { format }),
  })

/** The description of an email address. */
export const ADDRESS: Words = ['Email address.', 'hana@example.com', 'email']

const OWN_ID = 'Id: a prefix for the kind of thing, an underscore and 26 characters.'

/** An id in a request; by default that of the resource itself. */
export const idOf = (prefix: IdPrefix, description = OWN_ID) => word(id(prefix), description)

/** An id in an answer; by default that of the resource itself. */
export const wireId = (prefix: IdPrefix, description = OWN_ID) => word(z.string(), description, exampleId(prefix))

/** The description of a time. */
export const timeWords = (description: string): Words => [description, '2026-01-31T12:00:00.000Z', 'date-time']

/** A time in an answer. */
export const time = (description: string) => word(z.string(), ...timeWords(description))

/** A time in an answer, or null. */
export const timeOrNull = (description: string) => word(z.string().nullable(), ...timeWords(description))

/** When a resource was created, in an answer. */
export const createdAt = time('When it was created.')

/** A whole number in an answer. */
export const count = (description: string, example: number) => word(z.number(), description, example, 'int64')

/** A boolean in an answer. */
export const flag = (...words: Words) => word(z.boolean(), ...words)

/** A text in an answer. */
export const line = (...words: Words) => word(z.string(), ...words)

/** A text in an answer, or null, which is the default example. */
export const lineOrNull = (description: string, example: string | null = null) =>
  word(z.string().nullable(), description, example)

/** The parameter of a list that searches names. */
export const NAME_SEARCH: Words = ['Finds entries with this text in their names.', 'hana']
