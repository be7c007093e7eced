import {
  isDiskFull,
  isForeignKeyViolation,
  isTransactionConflict,
  SearchBusyError,
  SearchTooSlowError,
} from '@mairust/db'
import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { AppError, diskFull, type ErrorCode, invalidField } from '../errors.ts'
import type { Runtime } from '../context.ts'
import { validationError } from '../wire/index.ts'

type TrpcCode = TRPCError['code']

const TO_TRPC: Record<ErrorCode, TrpcCode> = {
  INVALID_REQUEST: 'BAD_REQUEST',
  UNAUTHORIZED: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  REQUEST_TIMEOUT: 'TIMEOUT',
  CONFLICT: 'CONFLICT',
  PRECONDITION_FAILED: 'PRECONDITION_FAILED',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  // No procedure answers with a range.
  RANGE_NOT_SATISFIABLE: 'BAD_REQUEST',
  VALIDATION_ERROR: 'UNPROCESSABLE_CONTENT',
  RATE_LIMITED: 'TOO_MANY_REQUESTS',
  INTERNAL_ERROR: 'INTERNAL_SERVER_ERROR',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
}

const FROM_TRPC: Partial<Record<TrpcCode, AppError>> = {
  PARSE_ERROR: new AppError('INVALID_REQUEST', 'The body is not valid JSON.'),
  BAD_REQUEST: new AppError('INVALID_REQUEST', 'The request is malformed.'),
  NOT_FOUND: new AppError('NOT_FOUND', 'There is nothing at this address.'),
  METHOD_NOT_SUPPORTED: new AppError('NOT_FOUND', 'There is nothing at this address for this method.'),
  UNSUPPORTED_MEDIA_TYPE: new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send application/json.'),
  PAYLOAD_TOO_LARGE: new AppError('PAYLOAD_TOO_LARGE', 'The body is too large.'),
}

/** Converts an AppError to tRPC's error, so that tRPC sends the right status. */
export const toTrpcError = (error: AppError): TRPCError =>
  new TRPCError({ code: TO_TRPC[error.code], message: error.message, cause: error })

/**
 * Converts anything thrown into an error of the contract. Unexpected errors become INTERNAL_ERROR with a fixed text; the cause
 * is for the log only.
 */
export const toAppError = (thrown: unknown): AppError => {
  if (thrown instanceof AppError) return thrown
  const databaseError = ofDatabase(thrown)
  if (databaseError !== null) return databaseError
  if (thrown instanceof TRPCError) {
    if (thrown.cause instanceof AppError) return thrown.cause
    if (thrown.code === 'BAD_REQUEST' && thrown.cause instanceof z.core.$ZodError) return validationError(thrown.cause)
    if (thrown.code === 'INTERNAL_SERVER_ERROR' && thrown.cause !== undefined) {
      const ofCause = ofDatabase(thrown.cause)
      if (ofCause !== null) return ofCause
    }
    const known = FROM_TRPC[thrown.code]
    if (known !== undefined) return known
  }
  return new AppError('INTERNAL_ERROR', 'Something went wrong on the server. Look up the request id in its log.', {
    cause: thrown,
  })
}

/**
 * Converts what was thrown, and logs the cause of server errors, which no answer shows, and of forbidden requests. Clients can get any
 * number of answers that ask them to try again later: one a minute of each kind is logged.
 */
export const logFailure = (
  { log, unavailable }: Pick<Runtime, 'log' | 'unavailable'>,
  thrown: unknown,
  about: Record<string, unknown>,
): AppError => {
  const error = toAppError(thrown)
  const isLogged = error.code === 'UNAVAILABLE' ? unavailable(kindOf(error)) : error.status >= 500
  if (isLogged) log.error({ ...about, reason: error.message, err: error.cause }, 'A request failed')
  // Usually a missing scope or setting that somebody will look for. Other errors of callers are not logged.
  if (error.code === 'FORBIDDEN') log.info({ ...about, reason: error.message }, 'A request was refused')
  return error
}

const kindOf = ({ message, cause }: AppError): string => `${message} ${cause instanceof Error ? cause.name : ''}`

const UNAVAILABLE_NAMES = new Set(['DatabaseBusyError', 'DatabaseUnavailableError', 'BlobStoreError'])

const ofDatabase = (thrown: unknown): AppError | null => {
  if (!(thrown instanceof Error)) return null
  if (isDiskFull(thrown) || thrown.name === 'BlobStoreFullError') return diskFull(thrown)
  // Not to be retried: the same search would take as long.
  if (thrown instanceof SearchTooSlowError) {
    return invalidField('q', 'takes too long. Search for longer words, or within one mailbox.')
  }
  if (thrown instanceof SearchBusyError) {
    const message = 'Too many searches are running. Try again.'
    return new AppError('UNAVAILABLE', message, { cause: thrown, retryAfter: 5 })
  }
  if (UNAVAILABLE_NAMES.has(thrown.name) || isTransactionConflict(thrown)) {
    const message = 'The server is busy or its storage cannot be reached. Try again.'
    return new AppError('UNAVAILABLE', message, { cause: thrown, retryAfter: 5 })
  }
  // Services check references first: this happens only if another request has removed one meanwhile.
  if (!isForeignKeyViolation(thrown)) return null
  return new AppError('CONFLICT', 'Something that this refers to was removed in the meantime. Try again.', {
    cause: thrown,
  })
}
