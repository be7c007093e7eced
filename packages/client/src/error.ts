import type { ErrorCode, ErrorDetail } from '@mairust/api/contract'
import type { AppRouter } from '@mairust/api/router'
import { TRPCClientError } from '@trpc/client'

/** The API's codes, and what goes wrong before one of them comes. */
export type ClientErrorCode = ErrorCode | 'CONNECTION_FAILED' | 'TIMED_OUT' | 'ABORTED' | 'UNREADABLE_ANSWER'

export interface MaiRustErrorOptions {
  status?: number | undefined
  details?: readonly ErrorDetail[] | undefined
  requestId?: string | undefined
  retryAfter?: number | undefined
  cause?: Error | undefined
}

/** What every call of the client rejects with. */
export class MaiRustError extends TRPCClientError<AppRouter> {
  readonly code: ClientErrorCode
  /** HTTP status of the answer; undefined when none came. */
  readonly status: number | undefined
  /** The fields that were wrong. */
  readonly details: readonly ErrorDetail[]
  /** Finds the request in the server's log. */
  readonly requestId: string | undefined
  /** Seconds until it is worth another try, as the server says. */
  readonly retryAfter: number | undefined

  constructor(code: ClientErrorCode, message: string, options: MaiRustErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    // tRPC's constructor makes a plain TRPCClientError of what extends it.
    Object.setPrototypeOf(this, new.target.prototype)
    this.name = 'MaiRustError'
    this.code = code
    this.status = options.status
    this.details = options.details ?? []
    this.requestId = options.requestId
    this.retryAfter = options.retryAfter
  }
}
