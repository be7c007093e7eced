import type { SiteLimits, SiteSettings, SiteState, Throttle, Time } from './state.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Messages per minute by level; the last holds beyond. */
const RATES = [60, 20, 6, 2, 1]
const MAX_LEVEL = 6
const MAX_DURATION = 6 * HOUR
const DURATION: Readonly<Record<Throttle['cause'], Time>> = { rate: 10 * MINUTE, block_list: HOUR }
/** So many deliveries bring a throttle whose time is over back by one level. */
const STEP_SUCCESSES = 5
/** A throttle whose time was over so long ago holds no more, even if nothing was sent since. */
const FORGOTTEN = HOUR
/** How long a level is tried before the next one. */
const LEAST = 5 * MINUTE

/** An answer that makes the site slower, or pauses our address there. */
export interface ThrottleAnswer {
  readonly cause: Throttle['cause']
  readonly site: string
  readonly source: string | null
  readonly rule: string
  readonly reply: string
  /** The time that the remote named (O35). */
  readonly hintSeconds: number | null
  /** When the attempt began that got the answer. */
  readonly startedAt: Time
}

/**
 * Enters an answer. A throttle that is there already becomes stricter and longer, but only once for all that was under way together,
 * and only when it has been given some time: one sender who tries again and again must not make it stricter for everybody.
 */
export function throttled(state: SiteState, answer: ThrottleAnswer, settings: SiteSettings, now: Time): SiteState {
  const { cause, site, source, rule, reply, hintSeconds, startedAt } = answer
  const before = currentThrottles(state, now).find((each) => isSame(each, answer))
  if (before !== undefined && (startedAt < before.changed || now < before.changed + LEAST)) return state
  const level = Math.min((before?.level ?? 0) + 1, MAX_LEVEL)
  const usual = Math.min(DURATION[cause] * 2 ** (level - 1), MAX_DURATION)
  const next: Throttle = {
    scope: { site, source },
    cause,
    rule,
    reply,
    since: before?.since ?? now,
    until: now + Math.max(usual, (hintSeconds ?? 0) * 1000),
    limits: limitsOf(cause, level, settings),
    level,
    successes: 0,
    changed: now,
  }
  return { ...state, throttles: [...state.throttles.filter((each) => !isSame(each, answer)), next] }
}

/** A delivery from this source. A throttle whose time is over goes back by a level for every few of them, and then ends. */
export function eased(state: SiteState, source: string, settings: SiteSettings, now: Time): SiteState {
  const throttles = currentThrottles(state, now).flatMap((each) => {
    if (now < each.until || !concerns(each, source)) return [each]
    const successes = each.successes + 1
    if (successes < STEP_SUCCESSES) return [{ ...each, successes }]
    const level = each.level - 1
    return level === 0 ? [] : [{ ...each, level, successes: 0, limits: limitsOf(each.cause, level, settings) }]
  })
  return { ...state, throttles }
}

/** The throttles that still hold. */
export function currentThrottles(state: SiteState, now: Time): readonly Throttle[] {
  return state.throttles.filter(({ until }) => now < until + FORGOTTEN)
}

/** What a throttle allows a source: nothing while it is paused, and one connection at a time when a pause is over. */
export function allowance(throttle: Throttle, now: Time): SiteLimits {
  return throttle.cause === 'block_list' && now >= throttle.until ? { concurrency: 1, perMinute: 1 } : throttle.limits
}

/** Whether a throttle concerns what is sent from this address. */
export function concerns({ scope }: Throttle, source: string): boolean {
  return scope.source === null || scope.source === source
}

/** Undoes throttles: the operator knows better (O32). */
export function lifted(state: SiteState, which: (throttle: Throttle) => boolean): SiteState {
  return { ...state, throttles: state.throttles.filter((each) => !which(each)) }
}

function limitsOf(cause: Throttle['cause'], level: number, { max }: SiteSettings): SiteLimits {
  if (cause === 'block_list') return { concurrency: 0, perMinute: 0 }
  const rate = RATES[Math.min(level, RATES.length) - 1] ?? 1
  return {
    concurrency: Math.max(Math.floor(max.concurrency / 2 ** level), 1),
    perMinute: Math.min(rate, max.perMinute ?? rate),
  }
}

const isSame = ({ cause, scope }: Throttle, answer: ThrottleAnswer) =>
  cause === answer.cause && scope.site === answer.site && scope.source === answer.source
