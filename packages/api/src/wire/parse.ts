import { z } from 'zod'
import { AppError, type ErrorDetail } from '../errors.ts'

/**
 * A check over several fields. It also runs if other fields are invalid, so that one answer lists every problem; the fields that it
 * reads may then have any type.
 */
export const whole = <Value extends object>(check: z.core.CheckFn<Value>): z.core.$ZodCheck<Value> => {
  const made = z.check<Value>((payload) => {
    if (typeof payload.value === 'object') return check(payload)
  })
  made._zod.def.when = () => true
  return made
}

/** Limits of an error answer: one that lists every mistake of a large request would be larger than the request. */
const MAX_DETAILS = 20
const MAX_FIELD = 200
const MAX_REASON = 500

/** The invalid fields, up to `MAX_DETAILS`. For an unknown field they name the field itself, not its parent. */
export const detailsOf = (error: z.core.$ZodError): ErrorDetail[] =>
  error.issues
    .slice(0, MAX_DETAILS)
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .slice(0, MAX_DETAILS)
            .map((key) => ({ field: [...issue.path, key].join('.'), reason: 'is not a known field' }))
        : [{ field: issue.path.join('.'), reason: issue.message }],
    )
    .slice(0, MAX_DETAILS)
    .map(({ field, reason }) => ({ field: cut(field, MAX_FIELD), reason: cut(reason, MAX_REASON) }))

const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text)

/** The contract's error for a failed parse. */
export const validationError = (error: z.core.$ZodError): AppError =>
  new AppError('VALIDATION_ERROR', 'The request is not valid.', { details: detailsOf(error), cause: error })

/**
 * Parses a verb's input.
 * @throws AppError VALIDATION_ERROR with a detail for each invalid field
 */
export const parseInput = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(input)
  if (!parsed.success) throw validationError(parsed.error)
  return parsed.data
}
