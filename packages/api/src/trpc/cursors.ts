import { createHash } from 'node:crypto'
import { AppError } from '../errors.ts'

type Fields = Record<string, unknown>

/** A cursor of a list as it goes out: the mark of the list it belongs to, and the list's own cursor. */
const BOUND = /^([\w-]{11})\.([\w-]+)$/

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const PAGING = new Set(['cursor', 'limit'])

/** The fields of a list that say which rows it holds and in what order. Text and value are one: a query string has only text. */
const narrowing = (input: Fields): string =>
  JSON.stringify(
    Object.entries(input)
      .filter(([name, value]) => !PAGING.has(name) && value !== undefined)
      .map(([name, value]) => [name, String(value)])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  )

const markOf = (procedure: string, input: Fields): string =>
  createHash('sha256')
    .update(`${procedure}\n${narrowing(input)}`)
    .digest('base64url')
    .slice(0, 11)

/** Ties the cursor of a list's answer to the list's filters and sort. Other answers stay as they are. */
export const bindCursor = (procedure: string, input: unknown, answer: unknown): unknown => {
  if (!isFields(answer) || !isFields(answer['pagination'])) return answer
  const { cursor } = answer['pagination']
  if (typeof cursor !== 'string') return answer
  const bound = `${markOf(procedure, isFields(input) ? input : {})}.${cursor}`
  return { ...answer, pagination: { ...answer['pagination'], cursor: bound } }
}

/**
 * The input with the list's own cursor again. One of another list, or of other filters or another sort, becomes null: no schema takes
 * that, so that it is told beside whatever else is wrong.
 */
export const unbindCursor = (procedure: string, input: unknown): unknown => {
  if (!isFields(input) || typeof input['cursor'] !== 'string') return input
  const [, mark, cursor] = BOUND.exec(input['cursor']) ?? []
  return { ...input, cursor: mark === markOf(procedure, input) ? cursor : null }
}

/** Says of a refused cursor what is wrong with it. */
export const explainCursor = (error: AppError): AppError =>
  error.code !== 'VALIDATION_ERROR' || !error.details.some(({ field }) => field === 'cursor')
    ? error
    : new AppError(error.code, error.message, {
        cause: error,
        details: error.details.map((detail) =>
          detail.field === 'cursor'
            ? {
                field: 'cursor',
                reason: 'is not a cursor of this list; send it with the filters and the sort it came with',
              }
            : detail,
        ),
      })
