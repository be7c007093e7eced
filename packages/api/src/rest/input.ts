import { AppError } from '../errors.ts'

/** Query parameters as an object: text, or a list of texts where a name is repeated. */
export const readQuery = (query: URLSearchParams): Record<string, unknown> =>
  Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const values = query.getAll(name)
      return [name, values.length === 1 ? values[0] : values]
    }),
  )

/**
 * Joins the path's parameters to the rest of the input.
 * @throws AppError VALIDATION_ERROR when the rest names one of them again
 */
export const withParams = (
  given: Record<string, unknown>,
  params: Readonly<Record<string, string>>,
): Record<string, unknown> => {
  const repeated = Object.keys(params).filter((name) => Object.hasOwn(given, name))
  if (repeated.length > 0) {
    throw new AppError('VALIDATION_ERROR', 'The request is not valid.', {
      details: repeated.map((field) => ({ field: `body.${field}`, reason: 'is given by the path' })),
    })
  }
  return { ...given, ...params }
}
