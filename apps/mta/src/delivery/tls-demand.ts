import {
  type RouteTls,
  type StsPolicy,
  stsVerdict,
  type TlsDecision,
  tlsDecision,
  tlsStep,
} from '@mairust/mail-core/outbound'
import type { TlsOutcome } from './transmit.ts'

/** What decides about TLS, for all hosts of an attempt. */
export interface AttemptTls {
  /** The domain's MTA-STS policy; null: none. */
  readonly sts: StsPolicy | null
  readonly route: RouteTls
  /** Whether a `required` route wants a certificate for the host's name. */
  readonly routeVerifies: boolean
  /** `isClearRemembered` of the site. */
  readonly clearRemembered: boolean
  readonly allowOldVersions: boolean
}

/** How to protect a connection to a host (O20). */
export function demandFor(host: string, { sts, ...rest }: AttemptTls): TlsDecision {
  return tlsDecision({ host, dane: null, sts: stsVerdict(sts, host), ...rest })
}

/** Whether a session that was opened for other mail has what this mail needs (O22). */
export function serves({ facts, handshake }: TlsOutcome, decision: TlsDecision): boolean {
  if (decision.kind === 'skip') return false
  const { demand } = decision
  const isOld = handshake?.protocol === 'TLSv1' || handshake?.protocol === 'TLSv1.1'
  return tlsStep(demand, facts).kind === 'go_on' && !(isOld && demand.minVersion === 'TLSv1.2')
}
