import { ERROR_STATUS, type ErrorCode, type ErrorDetail } from './contract/errors.ts'

export { ERROR_STATUS, type ErrorCode, type ErrorDetail }

export interface AppErrorOptions {
  details?: readonly ErrorDetail[] | undefined
  cause?: unknown
  /** Seconds to wait before trying again; becomes `Retry-After`. */
  retryAfter?: number | undefined
  /** Further header fields for the answer. */
  headers?: Readonly<Record<string, string>> | undefined
}

/** An error for the caller, who sees its message as it is: say what happened and what to do, but no internals. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly details: readonly ErrorDetail[]
  readonly retryAfter: number | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details ?? []
    this.retryAfter = options.retryAfter
    this.headers = options.headers ?? {}
  }

  get status(): number {
    return ERROR_STATUS[this.code]
  }
}

/** The error for something that does not exist, or that this caller must not know about. */
export const notFound = (what: string): AppError => new AppError('NOT_FOUND', `There is no such ${what}.`)

/** Returns what was found, or throws NOT_FOUND. */
export const orNotFound = <T>(found: T | null | undefined, what: string): T => {
  if (found === null || found === undefined) throw notFound(what)
  return found
}

/** The error for one invalid field. */
export const invalidField = (field: string, reason: string): AppError =>
  new AppError('VALIDATION_ERROR', 'The request is not valid.', { details: [{ field, reason }] })

/** The error for what cannot be stored: no space is left, or what is left is for mail. */
export const diskFull = (cause?: unknown): AppError =>
  new AppError('UNAVAILABLE', 'The disk of the server is full. Whoever runs it has to free space.', {
    cause,
    retryAfter: 60,
  })
