import { probing } from './dead.ts'
import type { SiteLimits, SiteSettings, SiteState, Time } from './state.ts'
import { allowance, concerns, currentThrottles } from './throttles.ts'

const MINUTE = 60_000

/** The facts for starting another attempt. */
export interface AdmitQuestion {
  readonly settings: SiteSettings
  /** Our address that it would come from. */
  readonly source: string
  /** Attempts under way to the site. */
  readonly running: number
  readonly now: Time
}

export type Admission =
  | { readonly kind: 'go' }
  /** The one attempt that finds out whether a dead site lives. */
  | { readonly kind: 'probe' }
  /** `until`: not before; null: when an attempt that is under way has ended. */
  | { readonly kind: 'wait'; readonly reason: 'dead' | 'paused' | 'rate' | 'busy'; readonly until: Time | null }

/** What the site may be sent now from this source: the least of what the concurrency and the throttles allow. */
export function limitsNow(state: SiteState, { settings, source, now }: Omit<AdmitQuestion, 'running'>): SiteLimits {
  const limits = currentThrottles(state, now)
    .filter((each) => concerns(each, source))
    .map((each) => allowance(each, now))
  const rates = [settings.max, ...limits].map(({ perMinute }) => perMinute).filter((rate) => rate !== null)
  return {
    concurrency: Math.min(state.concurrency, settings.max.concurrency, ...limits.map(({ concurrency }) => concurrency)),
    perMinute: rates.length === 0 ? null : Math.min(...rates),
  }
}

/** Whether another attempt may start now. Waiting costs a message nothing: it is no failed attempt (O30). */
export function admit(state: SiteState, question: AdmitQuestion): Admission {
  const { source, running, now } = question
  if (state.dead !== null) {
    const { until, probingUntil } = state.dead
    if (now < until) return { kind: 'wait', reason: 'dead', until }
    return probingUntil !== null && now < probingUntil
      ? { kind: 'wait', reason: 'dead', until: probingUntil }
      : { kind: 'probe' }
  }
  const { concurrency, perMinute } = limitsNow(state, question)
  if (concurrency === 0 || perMinute === 0) {
    const pauses = currentThrottles(state, now).filter(
      (each) => concerns(each, source) && each.limits.concurrency === 0,
    )
    return pauses.length === 0
      ? { kind: 'wait', reason: 'busy', until: null }
      : { kind: 'wait', reason: 'paused', until: Math.max(...pauses.map(({ until }) => until)) }
  }
  if (running >= concurrency) return { kind: 'wait', reason: 'busy', until: null }
  return perMinute !== null && now < state.nextStart
    ? { kind: 'wait', reason: 'rate', until: state.nextStart }
    : { kind: 'go' }
}

/** Notes that an admitted attempt starts: the probe is under way, the rate has been used. */
export function started(state: SiteState, admission: Admission, question: AdmitQuestion): SiteState {
  const { perMinute } = limitsNow(state, question)
  const next = admission.kind === 'probe' ? probing(state, question.now) : state
  return perMinute === null || perMinute === 0
    ? next
    : { ...next, nextStart: Math.max(next.nextStart, question.now) + MINUTE / perMinute }
}
