import { AppError } from '../errors.ts'

/** Query parameters as an object: text, or a list of texts where a name is repeated. */
export const readQuery = (query: URLSearchParams): Record<string, unknown> =>
  Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const values = query.getAll(name)
      return [name, values.length === 1 ? values[0] : values]
    }),
  )

const REPEATED = 'body.'

/**
 * Joins the path's parameters to the rest of the input. One that the rest names again becomes a field that no schema knows, so that it
 * is told beside whatever else is wrong.
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

/** Says of a parameter that the body repeats what is wrong with it. */
export const explainRepeated = (error: AppError): AppError =>
  error.code !== 'VALIDATION_ERROR'
    ? error
    : new AppError(error.code, error.message, {
        cause: error,
        details: error.details.map(({ field, reason }) => ({
          field,
          reason: field.startsWith(REPEATED) ? 'is given by the path' : reason,
        })),
      })
