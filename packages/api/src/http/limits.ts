import type { Config } from '@mairust/config'
import { clientKey } from '@mairust/mail-core/inbound'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Actor } from '../access/index.ts'
import { AppError } from '../errors.ts'

/** What a limit says of a request; goes into the `X-RateLimit-*` headers. */
export interface LimitState {
  limit: number
  remaining: number
  /** Epoch seconds at which the count begins anew. */
  reset: number
}

/** What is asked of the limits. */
export interface LimitedRequest {
  actor: Actor | null
  ip: string
  /** How many changes it makes; 0 when it only reads. */
  writes: number
  /** How many logins it tries. */
  logins: number
  /** How many calls it carries; 1 but for batches. */
  calls: number
}

export interface Limits {
  /**
   * Counts a request against what limits it: a key's requests, a session's changes, an address's logins, an address's
   * requests without a login.
   * @returns the state to show, and the error when the limit is passed
   */
  take: (request: LimitedRequest) => Promise<{ state: LimitState; error: AppError | null }>
  /** Limits by other numbers from now on; where a number stays, so does what is counted. */
  change: (config: Config['web']['rate_limits']) => void
}

/** What is shown where nothing is limited. */
const UNLIMITED = 1_000_000_000
const MINUTE_S = 60

/** The limits of `web.rate_limits`, counted in this process. `now` is in milliseconds. */
export const createLimits = (config: Config['web']['rate_limits'], now: () => Date): Limits => {
  let perKey = bucket('key', config.per_key_per_minute)
  let perSession = bucket('session', config.per_session_writes_per_minute)
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
    return { state, error: new AppError('RATE_LIMITED', 'Too many requests. Wait a little.', { retryAfter }) }
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
    if (sessionId !== null) return spend(perSession, sessionId, request.writes)
    return spend(perKey, id ?? 'system', request.calls)
  }

  return {
    take,
    change: (next) => {
      perKey = renewed(perKey, 'key', next.per_key_per_minute)
      perSession = renewed(perSession, 'session', next.per_session_writes_per_minute)
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
