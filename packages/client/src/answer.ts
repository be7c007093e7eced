import { ERROR_CODES, type ErrorCode, type ErrorDetail } from '@mairust/api/contract'
import { MaiRustError } from './error.ts'

interface Frame {
  result?: unknown
  error?: {
    message?: string
    data?: { code?: string; details?: ErrorDetail[]; request_id?: string | null }
  }
}

const isCode = (code: string | undefined): code is ErrorCode => ERROR_CODES.some((known) => known === code)

/** Seconds to wait. RFC 9110 §10.2.3: a number of seconds or a date. */
const retryAfterOf = ({ headers }: Response): number | undefined => {
  const text = headers.get('retry-after')
  if (text === null) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000))
}

const frameOf = (text: string): Frame | null => {
  try {
    const frame: unknown = JSON.parse(text)
    return typeof frame === 'object' ? frame : null
  } catch {
    return null
  }
}

/** The error in an answer, or null. The answer need not be MaiRust's: proxies have error pages of their own. */
export const errorOf = (response: Response, text: string): MaiRustError | null => {
  const frame = frameOf(text)
  if (response.ok && frame?.result !== undefined) return null
  const { message, data } = frame?.error ?? {}
  const about = {
    status: response.status,
    requestId: data?.request_id ?? response.headers.get('x-request-id') ?? undefined,
    retryAfter: retryAfterOf(response),
  }
  if (isCode(data?.code)) return new MaiRustError(data.code, message ?? data.code, { ...about, details: data.details })
  const what = `The answer (status ${response.status}) is not from MaiRust.`
  return new MaiRustError('UNREADABLE_ANSWER', `${what} Check the url and any proxy in between.`, about)
}
