import { z } from 'zod'
import { shapeOf, unwrap, variants } from './walk.ts'

const list = (values: readonly unknown[]): string => values.map(String).join(', ')

function numberText(schema: z.ZodNumber): string {
  const noun = schema.format === 'safeint' ? 'a whole number' : 'a number'
  const { minValue, maxValue } = schema
  if (minValue === null || maxValue === null) return noun
  return schema.safeParse(minValue).success
    ? `${noun} from ${minValue} to ${maxValue}`
    : `${noun} over ${minValue}, at most ${maxValue}`
}

/** Describes the values of a setting, for error messages and the reference: `a whole number from 0 to 65535`. */
export function describeType(schema: z.core.$ZodType): string {
  const { schema: inner } = unwrap(schema)
  if (inner instanceof z.ZodNumber) return numberText(inner)
  if (inner instanceof z.ZodBoolean) return 'true or false'
  if (inner instanceof z.ZodEnum) return `one of ${list(inner.options)}`
  if (inner instanceof z.ZodLiteral) return list([...inner.values])
  if (inner instanceof z.ZodArray) {
    const element = unwrap(inner.element).schema
    const content =
      element instanceof z.ZodObject
        ? 'objects'
        : element instanceof z.ZodEnum
          ? list(element.options)
          : element instanceof z.ZodNumber
            ? 'numbers'
            : 'strings'
    return `a list of ${content}`
  }
  if (inner instanceof z.ZodDiscriminatedUnion) {
    return `one of ${list(variants(inner).map((variant) => describeType(shapeOf(variant)['backend'] ?? variant)))}`
  }
  if (inner instanceof z.ZodObject) return 'a section of settings'
  return 'a string'
}
