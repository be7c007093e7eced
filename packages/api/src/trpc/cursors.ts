import { createHash } from 'node:crypto'
import { AppError } from '../errors.ts'

type Fields = Record<string, unknown>

/** A cursor as callers see it: a mark of the list that it belongs to, and the list's own cursor. */
const BOUND = /^([\w-]{11})\.([\w-]+)$/

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const PAGING = new Set(['cursor', 'limit'])

/** The fields that determine the rows of a list and their order. Values count as text, since a query string has only text. */
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

/** Binds the cursor in a list's answer to the filters and sort of the list. Other answers stay as they are. */
export const bindCursor = (procedure: string, input: unknown, answer: unknown): unknown => {
  if (!isFields(answer) || !isFields(answer['pagination'])) return answer
  const { cursor } = answer['pagination']
  if (typeof cursor !== 'string') return answer
  const bound = `${markOf(procedure, isFields(input) ? input : {})}.${cursor}`
  return { ...answer, pagination: { ...answer['pagination'], cursor: bound } }
}

/**
 * Restores the list's own cursor in the input. One of another list, or with other filters or another sort, becomes null, which no
 * schema accepts, so that it is reported together with other invalid fields.
 */
export const unbindCursor = (procedure: string, input: unknown): unknown => {
  if (!isFields(input) || typeof input['cursor'] !== 'string') return input
  const [, mark, cursor] = BOUND.exec(input['cursor']) ?? []
  return { ...input, cursor: mark === markOf(procedure, input) ? cursor : null }
}

/** Explains why a cursor is refused. */
export const explainCursor = (error: AppError): AppError =>
  error.code !== 'VALIDATION_ERROR' || !error.details.some(({ field }) => field === 'cursor')
    ? error
    : new AppError(error.code, error.message, {
        cause: error,
        details: error.details.map((detail) =>
          detail.field === 'cursor'
            ? {
                field: 'cursor',
                reason: 'is not a cursor of this list; use it with the same filters and sort',
              }
            : detail,
        ),
      })
