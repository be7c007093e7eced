import { failures, type LocalFailure } from '../failure.ts'
import type { TlsDemand } from './level.ts'

/** What a session had in the end, from worst to best (O27). */
export const TLS_LEVELS = ['clear', 'encrypted', 'verified', 'dane'] as const
export type TlsLevel = (typeof TLS_LEVELS)[number]

/** What happened to TLS in a session. */
export interface TlsFacts {
  readonly offered: boolean
  /** `refused`: a 4yz or 5yz to STARTTLS. `failed`: no handshake. Null: not tried. */
  readonly handshake: 'done' | 'refused' | 'failed' | null
  /** Whether the certificate proves what was to be verified. */
  readonly verified: boolean
}

export type TlsStep =
  | { readonly kind: 'go_on'; readonly level: TlsLevel }
  | { readonly kind: 'starttls' }
  /** One new connection to the same host, without TLS; `remember` for the site (O21). */
  | { readonly kind: 'reconnect_clear' }
  | { readonly kind: 'give_up'; readonly failure: LocalFailure }

/** The next step of a session: opportunistic TLS never fails for a certificate (RFC 7435), required TLS never ends in clear text. */
export function tlsStep(demand: TlsDemand, { offered, handshake, verified }: TlsFacts): TlsStep {
  const required = demand.starttls === 'required'
  if (demand.starttls === 'never') return { kind: 'go_on', level: 'clear' }
  if (handshake === 'done') {
    if (demand.verify === 'none') return { kind: 'go_on', level: verified ? 'verified' : 'encrypted' }
    if (!verified) return { kind: 'give_up', failure: failures.tlsNotVerified }
    return { kind: 'go_on', level: demand.verify === 'dane' ? 'dane' : 'verified' }
  }
  if (handshake === 'failed')
    return required ? { kind: 'give_up', failure: failures.tlsHandshake } : { kind: 'reconnect_clear' }
  if (handshake === 'refused' || !offered) {
    return required ? { kind: 'give_up', failure: failures.tlsUnavailable } : { kind: 'go_on', level: 'clear' }
  }
  return { kind: 'starttls' }
}

/** Whether AUTH may go over the connection to a smart host (O26): over verified TLS, unless the route says otherwise. */
export function mayAuthenticate(level: TlsLevel, allowUnverified: boolean): boolean {
  return allowUnverified || level === 'verified' || level === 'dane'
}
