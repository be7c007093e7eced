import type { SiteSettings, SiteState, Time } from './state.ts'

const MINUTE = 60_000
/** How long a dead site is left alone, again and again; the last repeats. */
const STEP_MINUTES = [1, 5, 15, 30, 60]
/** As many attempts without a host that takes part make a site dead (O29). */
const FAILED_PLANS = 2
/** A probe whose worker is gone is given up. */
const PROBE_LIMIT = 15 * MINUTE

const untilOf = (step: number, now: Time): Time =>
  now + (STEP_MINUTES[Math.min(step, STEP_MINUTES.length - 1)] ?? 1) * MINUTE

/** An attempt ended without any host taking part. The site, not each message, is deferred; a failed probe makes the wait longer. */
export function planFailed(state: SiteState, reply: string, now: Time): SiteState {
  const { dead } = state
  const failedPlans = state.failedPlans + 1
  if (dead !== null) {
    // What began before the site was found dead ends now, and is no step of its own (O30).
    if (dead.probingUntil === null) return { ...state, failedPlans }
    const step = dead.step + 1
    return { ...state, failedPlans, dead: { ...dead, step, reply, until: untilOf(step, now), probingUntil: null } }
  }
  if (failedPlans < FAILED_PLANS) return { ...state, failedPlans }
  return { ...state, failedPlans, dead: { since: now, until: untilOf(0, now), step: 0, reply, probingUntil: null } }
}

/** A host took part: the site lives. It starts again from low. */
export function revived(state: SiteState, { start }: SiteSettings): SiteState {
  if (state.dead === null) return state.failedPlans === 0 ? state : { ...state, failedPlans: 0 }
  return { ...state, dead: null, failedPlans: 0, successes: 0, concurrency: Math.min(state.concurrency, start) }
}

/** The probe of a dead site starts; until it ends, or is given up, there is no other. */
export function probing(state: SiteState, now: Time): SiteState {
  return state.dead === null ? state : { ...state, dead: { ...state.dead, probingUntil: now + PROBE_LIMIT } }
}
