import { ERROR_CODES } from '@mairust/api/contract'
import { TRPCClientError } from '@trpc/client'

/** The error codes of the API, and OFFLINE for no answer at all. */
export const FAILURE_CODES = [...ERROR_CODES, 'OFFLINE'] as const
export type FailureCode = (typeof FAILURE_CODES)[number]

export type Failure = {
  code: FailureCode
  /** The server's message, in English. */
  message: string
  requestId: string | undefined
  /** The reason for each invalid field. */
  fields: Record<string, string>
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Converts whatever a call threw into a failure that can be shown. */
export function failureOf(error: unknown): Failure {
  const data: unknown = error instanceof TRPCClientError ? error.data : undefined
  const message = error instanceof Error ? error.message : ''
  if (!isRecord(data)) return { code: 'OFFLINE', message, requestId: undefined, fields: {} }
  const details: unknown[] = Array.isArray(data['details']) ? data['details'] : []
  const fields = details.flatMap((detail) =>
    isRecord(detail) && typeof detail['field'] === 'string' && typeof detail['reason'] === 'string'
      ? [[detail['field'], detail['reason']] as const]
      : [],
  )
  return {
    code: FAILURE_CODES.find((code) => code === data['code']) ?? 'INTERNAL_ERROR',
    message,
    requestId: typeof data['request_id'] === 'string' ? data['request_id'] : undefined,
    fields: Object.fromEntries(fields),
  }
}
