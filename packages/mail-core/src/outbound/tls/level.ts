import { failures, type LocalFailure } from '../failure.ts'
import type { StsVerdict } from '../mta-sts/decide.ts'

/** `outbound.routes[].tls`. */
export type RouteTls = 'none' | 'opportunistic' | 'required'

/** TLSA records that hold for a host, from validated answers only (RFC 7672 §2.2); null: none, or not validated. */
export interface DaneFacts {
  /** Whether all usable records are DANE-EE, which ignores names and dates (RFC 7672 §3.1.1). */
  readonly endEntityOnly: boolean
}

/** The facts for how a connection to one host is protected. */
export interface TlsQuestion {
  readonly host: string
  readonly dane: DaneFacts | null
  readonly sts: StsVerdict
  readonly route: RouteTls
  /** Whether a `required` route also wants a certificate for the host's name, and not just encryption. */
  readonly routeVerifies: boolean
  /** Whether the site has failed to do TLS within the last days (O21). */
  readonly clearRemembered: boolean
  /** Whether opportunistic TLS may use versions before 1.2 (O25). */
  readonly allowOldVersions: boolean
}

export type TlsVersion = 'TLSv1' | 'TLSv1.2'

/** How a connection is protected. */
export interface TlsDemand {
  /** What demands it, in the order of O20. */
  readonly by: 'dane' | 'mta_sts' | 'route' | 'opportunity'
  /** `required`: no mail in clear text, ever (O22). `never`: STARTTLS is not used. */
  readonly starttls: 'required' | 'wanted' | 'never'
  /** What the certificate must prove: nothing, or the name of the MX host (O24), or what the TLSA records say. */
  readonly verify: 'none' | 'name' | 'dane'
  /** SNI: the MX host, not the domain (RFC 7672 §8.1, RFC 8461 §4.1); null for an address literal (RFC 6066 §3). */
  readonly serverName: string | null
  readonly minVersion: TlsVersion
}

export type TlsDecision =
  | { readonly kind: 'connect'; readonly demand: TlsDemand }
  /** The host gets no mail, and the next one is tried. */
  | { readonly kind: 'skip'; readonly failure: LocalFailure }

/** How to protect a connection to one host: DANE before MTA-STS enforce before the route's setting before opportunity (O20). */
export function tlsDecision(question: TlsQuestion): TlsDecision {
  const { host, dane, sts, route, routeVerifies } = question
  const serverName = host.startsWith('[') ? null : host
  const strict = { starttls: 'required', serverName, minVersion: 'TLSv1.2' } as const
  if (dane !== null) return { kind: 'connect', demand: { by: 'dane', verify: 'dane', ...strict } }
  if (sts.kind === 'skip') return { kind: 'skip', failure: failures.notInPolicy }
  if (sts.kind === 'verified') return { kind: 'connect', demand: { by: 'mta_sts', verify: 'name', ...strict } }
  if (route === 'required')
    return { kind: 'connect', demand: { by: 'route', verify: routeVerifies ? 'name' : 'none', ...strict } }
  const never = route === 'none' || question.clearRemembered
  return {
    kind: 'connect',
    demand: {
      by: route === 'none' ? 'route' : 'opportunity',
      starttls: never ? 'never' : 'wanted',
      verify: 'none',
      serverName,
      minVersion: question.allowOldVersions ? 'TLSv1' : 'TLSv1.2',
    },
  }
}
