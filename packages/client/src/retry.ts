import { errorOf } from './answer.ts'
import { MaiRustError } from './error.ts'
import { IDEMPOTENCY_KEY } from './idempotency.ts'

/** Temporary failures: too many requests, a busy server, or one that its proxy cannot reach. */
const TEMPORARY = new Set([429, 502, 503, 504])
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 60_000

export interface RetryOptions {
  fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Time limit for one attempt, until its answer is complete. */
  timeoutMs: number
  /** Attempts after the first. */
  retries: number
  pause?: (ms: number, signal: AbortSignal | null | undefined) => Promise<void>
}

/**
 * Makes a fetch that retries where that is safe: requests that only read or carry an Idempotency-Key. It resolves to successful
 * answers whose body has arrived, and rejects with a MaiRustError for all others.
 */
export const createRetryingFetch = ({ fetch, timeoutMs, retries, pause = sleep }: RetryOptions) => {
  return async (url: string, init: RequestInit): Promise<Response> => {
    const keyed = new Headers(init.headers).has(IDEMPOTENCY_KEY)
    const allowed = keyed || init.method === 'GET' ? retries : 0
    for (let attempt = 0; ; attempt += 1) {
      const answer = await tryOnce(url, init)
      if (answer instanceof Response) return answer
      const ms = attempt < allowed && isTemporary(answer, keyed) ? pauseBefore(answer, attempt) : null
      if (ms === null) throw answer
      await pause(ms, init.signal)
    }
  }

  async function tryOnce(url: string, init: RequestInit): Promise<Response | MaiRustError> {
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), timeoutMs)
    const signals = init.signal instanceof AbortSignal ? [limit.signal, init.signal] : [limit.signal]
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.any(signals) })
      const text = await response.text()
      return errorOf(response, text) ?? new Response(text, response)
    } catch (thrown) {
      const cause = thrown instanceof Error ? thrown : undefined
      if (init.signal?.aborted === true) return new MaiRustError('ABORTED', 'The call was aborted.', { cause })
      return limit.signal.aborted
        ? new MaiRustError('TIMED_OUT', `The server did not answer within ${timeoutMs} ms.`, { cause })
        : new MaiRustError('CONNECTION_FAILED', 'The server could not be reached, or the connection broke.', { cause })
    } finally {
      clearTimeout(timer)
    }
  }
}

const isTemporary = ({ code, status, retryAfter }: MaiRustError, keyed: boolean): boolean =>
  code === 'CONNECTION_FAILED' ||
  code === 'TIMED_OUT' ||
  (status !== undefined && TEMPORARY.has(status)) ||
  // The server is still working on the previous attempt.
  (keyed && code === 'CONFLICT' && retryAfter !== undefined)

/** Milliseconds until the next attempt; null if the server asks for a longer pause than a call should make. */
const pauseBefore = ({ retryAfter = 0 }: MaiRustError, attempt: number): number | null => {
  const asked = retryAfter * 1000
  if (asked > LONGEST_PAUSE_MS) return null
  // Random, so that clients that failed together do not all return together.
  const ours = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2)
  return Math.max(asked, ours)
}

const sleep: NonNullable<RetryOptions['pause']> = (ms, signal) =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
