import type { z } from 'zod'
import { invalidField } from '../errors.ts'

/** An opaque cursor: base64url of the JSON of the last row's sort key. */
export const encodeCursor = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url')

/**
 * Decodes a cursor.
 * @throws AppError VALIDATION_ERROR if `encodeCursor` did not make it for this list
 */
export const decodeCursor = <Schema extends z.ZodType>(
  schema: Schema,
  cursor: string | undefined,
): z.output<Schema> | null => {
  if (cursor === undefined) return null
  const parsed = schema.safeParse(readJson(cursor))
  if (!parsed.success) throw invalidField('cursor', 'is not a cursor of this list')
  return parsed.data
}

const readJson = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
