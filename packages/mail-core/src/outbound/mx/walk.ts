import type { PlannedAddress } from './addresses.ts'

/** At most as many sessions in one attempt (O8). */
export const MAX_SESSIONS = 2

/** How the try of one address ended. */
export interface AddressTry {
  readonly address: string
  /**
   * - `no_route`: this machine has no way to addresses of that family (ENETUNREACH, EAFNOSUPPORT).
   * - `no_session`: no connection, no greeting, or a handshake that failed.
   * - `session`: mail was offered.
   */
  readonly end: 'no_route' | 'no_session' | 'session'
  /** Whether the host refused this address family and not the mail (O7): `550 5.7.25 … no PTR record` over IPv6. */
  readonly familyRefused: boolean
}

/**
 * The next address of the plan, or null when the attempt ends: after two sessions, or with the plan. A family without a route, or that
 * a host refused, is left out from then on, and its refusal counts as no session.
 */
export function nextAddress(plan: readonly PlannedAddress[], tries: readonly AddressTry[]): PlannedAddress | null {
  const sessions = tries.filter(({ end, familyRefused }) => end === 'session' && !familyRefused)
  if (sessions.length >= MAX_SESSIONS) return null
  const tried = new Set(tries.map(({ address }) => address))
  const closed = new Set(
    tries
      .filter(({ end, familyRefused }) => end === 'no_route' || familyRefused)
      .map(({ address }) => plan.find((each) => each.address === address)?.family),
  )
  return plan.find(({ address, family }) => !tried.has(address) && !closed.has(family)) ?? null
}
