import {
  certificateResult,
  type StsPolicy,
  type TlsDemand,
  type TlsLevel,
  type TlsRptResult,
} from '@mairust/mail-core/outbound'
import type { TlsOutcome } from './transmit.ts'

/** What there is to tell of a session's TLS. */
export interface TlsReport {
  /** What asked for it (O20). */
  readonly by: TlsDemand['by']
  readonly level: TlsLevel
  /** As in `TLSv1.3`; null: clear text. */
  readonly protocol: string | null
  readonly cipher: string | null
  /** Why the certificate does not prove the host's name, as Node.js names it; null: it does, or there is none. */
  readonly problem: string | null
  /** How it counts in TLS reports (O28); null: success. */
  readonly failure: TlsRptResult | null
}

/** The report of a session. A certificate counts only under a policy that asks for one (RFC 8460 §4.3.1). */
export function tlsReport(
  demand: TlsDemand,
  tls: TlsOutcome,
  sts: StsPolicy | null,
  handshakeFailed: boolean,
): TlsReport {
  const { level, facts, handshake } = tls
  const problem = handshake?.problem ?? null
  const needsCertificate = sts !== null && sts.mode !== 'none'
  return {
    by: demand.by,
    level,
    protocol: handshake?.protocol ?? null,
    cipher: handshake?.cipher ?? null,
    problem,
    failure: failure(),
  }

  function failure(): TlsRptResult | null {
    if (handshakeFailed || facts.handshake === 'failed') return 'validation-failure'
    if (facts.handshake !== 'done') return demand.starttls === 'never' ? null : 'starttls-not-supported'
    return needsCertificate && problem !== null ? certificateResult(problem) : null
  }
}
