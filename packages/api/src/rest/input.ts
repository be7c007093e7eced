import { AppError } from '../errors.ts'

/** Query parameters as an object; a repeated name has a list of values. */
export const readQuery = (query: URLSearchParams): Record<string, unknown> => {
  const found = new Map<string, string[]>()
  for (const [name, value] of query) {
    const values = found.get(name)
    if (values === undefined) found.set(name, [value])
    else values.push(value)
  }
  return Object.fromEntries([...found].map(([name, values]) => [name, values.length === 1 ? values[0] : values]))
}

const REPEATED = 'body.'

/**
 * Adds the path parameters to the rest of the input. A field that repeats a path parameter is renamed to one that no schema knows, so
 * that it is reported together with other invalid fields.
 */
export const withParams = (
  given: Record<string, unknown>,
  params: Readonly<Record<string, string>>,
): Record<string, unknown> => {
  const input = { ...given, ...params }
  for (const name of Object.keys(params)) if (Object.hasOwn(given, name)) input[`${REPEATED}${name}`] = given[name]
  return input
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
