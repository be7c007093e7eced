import type { Config } from '@mairust/config'
import type { RouteTls } from '@mairust/mail-core/outbound'
import type { RouteHost } from './resolve-mx.ts'
import type { Login } from './transmit.ts'

/** A smart host for some domains. */
export interface SmartHost extends RouteHost {
  readonly tls: RouteTls
  readonly login: Login | null
}

/** One way for the mail of a domain, and for which of it: that with so many failed attempts. */
export interface DomainRoute {
  /** Null: the domain's own mail servers. */
  readonly host: SmartHost | null
  readonly failures: { readonly from: number; readonly below: number }
}

const ALL = { from: 0, below: 1_000_000 }

/** The ways for mail to a domain, by the first route that is for it: the smart host, or at first the domain's own servers. */
export function routesFor(domain: string, routes: Config['outbound']['routes']): [DomainRoute, ...DomainRoute[]] {
  const route = routes.find(({ match }) => match === '*' || match.toLowerCase() === domain)
  if (route === undefined) return [{ host: null, failures: ALL }]
  const { host, port, tls, username, password, unverified_login, after_attempts: after } = route
  const login = username === '' ? null : { username, password, allowUnverified: unverified_login }
  const smart = { host: { host, port, tls, login }, failures: { ...ALL, from: after } }
  return after === 0 ? [smart] : [{ host: null, failures: { from: 0, below: after } }, smart]
}
