import { z } from 'zod'
import { unwrap, variants } from './schema/walk.ts'

const TRUE = new Set(['true', '1', 'yes', 'on'])
const FALSE = new Set(['false', '0', 'no', 'off'])

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function asList(text: string, element: z.core.$ZodType): unknown {
  if (text.trim().startsWith('[')) return asJson(text)
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => coerce(part, element))
}

/**
 * Parses an environment value as the type of its setting: numbers, `true`/`false`/`yes`/`no`/`on`/`off`/`1`/`0`, lists
 * separated by commas or in JSON, objects in JSON. What does not parse stays a string, for validation to refuse.
 */
export function coerce(text: string, schema: z.core.$ZodType): unknown {
  const { schema: inner } = unwrap(schema)
  if (variants(inner).length > 0) return asJson(text)
  if (inner instanceof z.ZodArray) return asList(text, inner.element)
  if (inner instanceof z.ZodNumber) return /^-?\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : text
  if (inner instanceof z.ZodBoolean) {
    const word = text.trim().toLowerCase()
    return TRUE.has(word) ? true : FALSE.has(word) ? false : text
  }
  if (inner instanceof z.ZodEnum)
    return inner.options.find((option) => String(option).toLowerCase() === text.trim().toLowerCase()) ?? text
  return text
}
