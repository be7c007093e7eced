import type { Config } from '@mairust/config'
import { clientKey } from '@mairust/mail-core/inbound'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Actor } from '../access/index.ts'
import { AppError } from '../errors.ts'

/** The state of a limit, for the `X-RateLimit-*` headers. */
export interface LimitState {
  limit: number
  remaining: number
  /** Unix time at which the count starts again. */
  reset: number
}

/** What the limits count of a request. */
export interface LimitedRequest {
  actor: Actor | null
  ip: string
  /** How many changes it makes; 0 if it only reads. */
  writes: number
  /** How many logins it tries. */
  logins: number
  /** How many calls it contains; 1 except for batches. */
  calls: number
}

export interface Limits {
  /**
   * Counts a request against its limit: the requests of a key, the changes or the reads of a session, the logins of an address, or the
   * anonymous requests of an address.
   * @returns the state to show, and the error if the limit is exceeded
   */
  take: (request: LimitedRequest) => Promise<{ state: LimitState; error: AppError | null }>
  /** Sets new limits; counts of unchanged limits stay. */
  change: (config: Config['web']['rate_limits']) => void
}

/** The limit to show if there is none. */
const UNLIMITED = 1_000_000_000
const MINUTE_S = 60

/** Makes the limits of `web.rate_limits`, counted in this process. */
export const createLimits = (config: Config['web']['rate_limits'], now: () => Date): Limits => {
  let perKey = bucket('key', config.per_key_per_minute)
  let perSession = bucket('session', config.per_session_writes_per_minute)
  let perSessionReads = bucket('session_reads', config.per_session_reads_per_minute)
  let perLogin = bucket('login', config.login_per_address_per_minute)
  let perAnonymous = bucket('anonymous', config.anonymous_per_address_per_minute)
  const renewed = (before: Bucket, name: string, points: number): Bucket =>
    before.points === (points === 0 ? UNLIMITED : points) ? before : bucket(name, points)
  const resetOf = (ms: number): number => Math.ceil((now().getTime() + ms) / 1000)

  const spend = async (from: Bucket, name: string, points: number) => {
    const result = await from.take(name, points)
    const state = { limit: from.points, remaining: result.remaining, reset: resetOf(result.ms) }
    if (result.passed) return { state, error: null }
    const retryAfter = Math.max(1, Math.ceil(result.ms / 1000))
    return {
      state,
      error: new AppError('RATE_LIMITED', 'Too many requests. Wait a moment, then try again.', { retryAfter }),
    }
  }

  const take: Limits['take'] = async (request) => {
    const address = clientKey(request.ip)
    if (request.logins > 0) {
      const taken = await spend(perLogin, address, request.logins)
      const others = request.calls - request.logins
      // A batch cannot hide its other calls behind a login.
      if (others <= 0 || taken.error !== null) return taken
      return take({ ...request, logins: 0, calls: others, writes: Math.min(others, request.writes) })
    }
    if (request.actor === null) return spend(perAnonymous, address, request.calls)
    const { sessionId, id } = request.actor
    if (sessionId !== null) {
      return request.writes > 0
        ? spend(perSession, sessionId, request.writes)
        : spend(perSessionReads, sessionId, request.calls)
    }
    return spend(perKey, id ?? 'system', request.calls)
  }

  return {
    take,
    change: (next) => {
      perKey = renewed(perKey, 'key', next.per_key_per_minute)
      perSession = renewed(perSession, 'session', next.per_session_writes_per_minute)
      perSessionReads = renewed(perSessionReads, 'session_reads', next.per_session_reads_per_minute)
      perLogin = renewed(perLogin, 'login', next.login_per_address_per_minute)
      perAnonymous = renewed(perAnonymous, 'anonymous', next.anonymous_per_address_per_minute)
    },
  }
}

interface Bucket {
  points: number
  take: (name: string, points: number) => Promise<{ passed: boolean; remaining: number; ms: number }>
}

const bucket = (keyPrefix: string, points: number): Bucket => {
  if (points === 0) {
    return { points: UNLIMITED, take: () => Promise.resolve({ passed: true, remaining: UNLIMITED, ms: 0 }) }
  }
  const limiter = new RateLimiterMemory({ keyPrefix, points, duration: MINUTE_S })
  const shown = (result: RateLimiterRes, passed: boolean) => ({
    passed,
    remaining: Math.max(0, result.remainingPoints),
    ms: result.msBeforeNext,
  })
  return {
    points,
    take: async (name, wanted) => {
      if (wanted === 0) {
        const result = await limiter.get(name)
        return result === null ? { passed: true, remaining: points, ms: MINUTE_S * 1000 } : shown(result, true)
      }
      try {
        return shown(await limiter.consume(name, wanted), true)
      } catch (error) {
        if (error instanceof RateLimiterRes) return shown(error, false)
        throw error
      }
    },
  }
}
