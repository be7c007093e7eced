import type { AppError } from '../errors.ts'
import type { LimitState } from '../http/limits.ts'
import type { RequestContext } from '../trpc/request-context.ts'

/** The contract's error body. */
export const errorBody = (error: AppError, requestId: string) => ({
  error: {
    code: error.code,
    message: error.message,
    details: error.details,
    request_id: requestId,
  },
})

/** Status and header of a JSON answer. No cache may store it. */
export const jsonHead = (status: number): Response =>
  new Response(null, {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' },
  })

/** A JSON answer, for what is never long. */
export const jsonAnswer = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), jsonHead(status))

/** The answer for an error. */
export const errorAnswer = (error: AppError, requestId: string): Response => {
  const response = jsonAnswer(error.status, errorBody(error, requestId))
  if (error.retryAfter !== undefined) response.headers.set('Retry-After', String(error.retryAfter))
  for (const [name, value] of Object.entries(error.headers)) response.headers.set(name, value)
  if (error.code === 'UNAUTHORIZED') response.headers.set('WWW-Authenticate', 'Bearer')
  return response
}

/** Adds the header fields that every answer has. */
export const finishAnswer = (
  response: Response,
  about: { requestId: string; limit: LimitState | null; ctx: Pick<RequestContext, 'setCookies' | 'reply'> | null },
): Response => {
  const { headers } = response
  headers.set('X-Request-Id', about.requestId)
  if (about.limit !== null) {
    headers.set('X-RateLimit-Limit', String(about.limit.limit))
    headers.set('X-RateLimit-Remaining', String(about.limit.remaining))
    headers.set('X-RateLimit-Reset', String(about.limit.reset))
  }
  for (const [name, value] of about.ctx?.reply ?? []) headers.set(name, value)
  for (const cookie of about.ctx?.setCookies ?? []) headers.append('Set-Cookie', cookie)
  return response
}
