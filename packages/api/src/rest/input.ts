import { AppError } from '../errors.ts'

/** Query parameters as an object; a repeated name has a list of values. */
export const readQuery = (query: URLSearchParams): Record<string, unknown> =>
  Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const values = query.getAll(name)
      return [name, values.length === 1 ? values[0] : values]
    }),
  )

const REPEATED = 'body.'

/**
 * Adds the path parameters to the rest of the input. A field that repeats a path parameter is renamed to one that no schema knows, so
 * that it is reported together with other invalid fields.
 */
export const withParams = (
  given: Record<string, unknown>,
  params: Readonly<Record<string, string>>,
): Record<string, unknown> => {
  const fields: [string, unknown][] = Object.entries(given).map(([name, value]) => [
    Object.hasOwn(params, name) ? `${REPEATED}${name}` : name,
    value,
  ])
  return { ...(Object.fromEntries(fields) as Record<string, unknown>), ...params }
}

/** Explains the error of fields that repeat a path parameter. */
export const explainRepeated = (error: AppError): AppError =>
  error.code !== 'VALIDATION_ERROR'
    ? error
    : new AppError(error.code, error.message, {
        cause: error,
        details: error.details.map(({ field, reason }) => ({
          field,
          reason: field.startsWith(REPEATED) ? 'is already given in the path' : reason,
        })),
      })
