import type { SiteSettings, SiteState } from './state.ts'

/** Mail went through: after as many deliveries as connections, one connection more, up to the limit (O29, as Postfix's qmgr). */
export function grown(state: SiteState, { max }: SiteSettings): SiteState {
  const successes = state.successes + 1
  if (successes < state.concurrency) return { ...state, successes, failedPlans: 0 }
  return { ...state, concurrency: Math.min(state.concurrency + 1, max.concurrency), successes: 0, failedPlans: 0 }
}

/** A connection or a handshake failed: one connection fewer, but one stays. */
export function shrunk(state: SiteState): SiteState {
  return { ...state, concurrency: Math.max(state.concurrency - 1, 1), successes: 0 }
}
