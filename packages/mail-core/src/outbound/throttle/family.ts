import type { RouteFamily } from '../mx/families.ts'
import type { SiteState, Time } from './state.ts'

/** How long a site that refused our IPv6 address is sent to over IPv4 alone (O7). */
const DAY = 86_400_000

/** The site refused our IPv6 address, and not the mail. */
export function withoutIpv6(state: SiteState, now: Time): SiteState {
  return { ...state, ipv4Until: now + DAY }
}

/** The addresses to plan with: the route's, or IPv4 alone while the site is known to refuse our IPv6. A route of IPv6 alone stays. */
export function familyNow({ ipv4Until }: Pick<SiteState, 'ipv4Until'>, route: RouteFamily, now: Time): RouteFamily {
  return route !== 'v6' && ipv4Until !== null && now < ipv4Until ? 'v4' : route
}
