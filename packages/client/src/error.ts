import type { ErrorCode, ErrorDetail } from '@mairust/api/contract'
import type { AppRouter } from '@mairust/api/router'
import { TRPCClientError } from '@trpc/client'

/** The API's error codes, and those of calls that got no answer from it. */
export type ClientErrorCode = ErrorCode | 'CONNECTION_FAILED' | 'TIMED_OUT' | 'ABORTED' | 'UNREADABLE_ANSWER'

export interface MaiRustErrorOptions {
  status?: number | undefined
  details?: readonly ErrorDetail[] | undefined
  requestId?: string | undefined
  retryAfter?: number | undefined
  cause?: Error | undefined
}

/** The error of every call that fails. */
export class MaiRustError extends TRPCClientError<AppRouter> {
  readonly code: ClientErrorCode
  /** HTTP status of the answer; undefined if there was none. */
  readonly status: number | undefined
  /** The invalid fields. */
  readonly details: readonly ErrorDetail[]
  /** Id of the request in the server's log. */
  readonly requestId: string | undefined
  /** Seconds to wait before trying again, if the server says so. */
  readonly retryAfter: number | undefined

  constructor(code: ClientErrorCode, message: string, options: MaiRustErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    // tRPC's constructor sets the prototype of TRPCClientError, even for subclasses.
    Object.setPrototypeOf(this, new.target.prototype)
    this.name = 'MaiRustError'
    this.code = code
    this.status = options.status
    this.details = options.details ?? []
    this.requestId = options.requestId
    this.retryAfter = options.retryAfter
  }
}
