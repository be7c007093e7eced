import type { Config } from '@mairust/config'
import { clientKey } from '@mairust/mail-core/inbound'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Actor } from '../access/index.ts'
import { AppError } from '../errors.ts'
import { hashToken } from '../auth/session.ts'

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
  /** What names the actor (`credentialOf`), if anything. */
  credential?: string | null
  ip: string
  /** How many changes it makes; 0 if it only reads. */
  writes: number
  /** How many logins it tries. */
  logins: number
  /** How many calls it contains; 1 except for batches. */
  calls: number
}

/** The state to show, and the error if the limit is exceeded. */
export interface Taken {
  state: LimitState
  error: AppError | null
}

/** That a limit is exceeded. */
export interface Exceeded extends Taken {
  error: AppError
}

/**
 * Notes the state of a request's limit, for its answer.
 * @throws AppError RATE_LIMITED when it is exceeded
 */
export const requireWithin = (progress: { limit: LimitState | null }, { state, error }: Taken): void => {
  progress.limit = state
  if (error !== null) throw error
}

export interface Limits {
  /**
   * Counts a request against its limit: the requests of a key, the changes or the reads of a session, the logins of an address, or the
   * anonymous requests of an address.
   */
  take: (request: LimitedRequest) => Promise<Taken>
  /**
   * What `take` would say of a request that is over its limit, without looking up who sends it: its credential is remembered from an
   * earlier one. Null for others.
   */
  exceeded: (request: Omit<LimitedRequest, 'actor' | 'calls'>) => Promise<Exceeded | null>
  /** Sets new limits; counts of unchanged limits stay. */
  change: (config: Config['web']['rate_limits']) => void
}

/** The limit to show if there is none. */
const UNLIMITED = 1_000_000_000
const MINUTE_S = 60
/** Most credentials remembered that were over their limits. */
const MAX_REMEMBERED = 10_000

/** Whose requests a limit counts: of a session, or of a key. */
type Counted = Pick<Actor, 'id' | 'sessionId'>

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

  const spend = async ({ from, name, points }: Spending): Promise<Taken> => {
    const result = await from.take(name, points)
    return result.passed ? { state: stateOf(from, result), error: null } : refused(from, result)
  }
  const stateOf = ({ points: limit }: Bucket, { remaining, ms }: Spent): LimitState => ({
    ...{ limit, remaining, reset: resetOf(ms) },
  })
  const refused = (from: Bucket, result: Spent): Exceeded => {
    const retryAfter = Math.max(1, Math.ceil(result.ms / 1000))
    return {
      state: stateOf(from, result),
      error: new AppError('RATE_LIMITED', 'Too many requests. Wait a moment, then try again.', { retryAfter }),
    }
  }

  /** What counts a request that is no login. */
  const spendingOf = (actor: Counted | null, address: string, calls: number, writes: number): Spending => {
    if (actor === null) return { from: perAnonymous, name: address, points: calls }
    const { id, sessionId } = actor
    if (sessionId === null) return { from: perKey, name: id ?? 'system', points: calls }
    return writes > 0
      ? { from: perSession, name: sessionId, points: writes }
      : { from: perSessionReads, name: sessionId, points: calls }
  }

  /** Who sent credentials whose limit was exceeded, the oldest first. */
  const over = new Map<string, Counted>()
  const remember = (credential: string, { id, sessionId }: Counted): void => {
    over.set(hashToken(credential), { id, sessionId })
    const [oldest] = over.keys()
    if (oldest !== undefined && over.size > MAX_REMEMBERED) over.delete(oldest)
  }

  // Hashing costs each request something: it is for when somebody is over a limit.
  const rememberedAs = (credential: string): Counted | undefined =>
    over.size === 0 ? undefined : over.get(hashToken(credential))

  const take: Limits['take'] = async (request) => {
    const address = clientKey(request.ip)
    if (request.logins > 0) {
      const taken = await spend({ from: perLogin, name: address, points: request.logins })
      const others = request.calls - request.logins
      // A batch cannot hide its other calls behind a login.
      if (others <= 0 || taken.error !== null) return taken
      return take({ ...request, logins: 0, calls: others, writes: Math.min(others, request.writes) })
    }
    const { actor, credential = null } = request
    const taken = await spend(spendingOf(actor, address, request.calls, request.writes))
    if (taken.error !== null && actor !== null && credential !== null) remember(credential, actor)
    return taken
  }

  return {
    take,
    exceeded: async ({ credential = null, ip, writes, logins }) => {
      const known = credential === null ? null : rememberedAs(credential)
      if (known === undefined && logins === 0) return null
      const address = clientKey(ip)
      const { from, name } =
        logins > 0 ? { from: perLogin, name: address } : spendingOf(known ?? null, address, 1, writes)
      const spent = await from.take(name, 0)
      return spent.remaining > 0 ? null : refused(from, spent)
    },
    change: (next) => {
      perKey = renewed(perKey, 'key', next.per_key_per_minute)
      perSession = renewed(perSession, 'session', next.per_session_writes_per_minute)
      perSessionReads = renewed(perSessionReads, 'session_reads', next.per_session_reads_per_minute)
      perLogin = renewed(perLogin, 'login', next.login_per_address_per_minute)
      perAnonymous = renewed(perAnonymous, 'anonymous', next.anonymous_per_address_per_minute)
    },
  }
}

interface Spent {
  passed: boolean
  remaining: number
  ms: number
}

/** What a request takes, from which limit, under which name. */
interface Spending {
  from: Bucket
  name: string
  points: number
}

interface Bucket {
  points: number
  take: (name: string, points: number) => Promise<Spent>
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
