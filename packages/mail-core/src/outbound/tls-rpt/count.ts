import type { StsPolicy } from '../mta-sts/policy.ts'

/** RFC 8460 §4.3: how TLS fails. */
export const TLS_RPT_RESULTS = [
  'starttls-not-supported',
  'certificate-host-mismatch',
  'certificate-expired',
  'certificate-not-trusted',
  'validation-failure',
  'tlsa-invalid',
  'dnssec-invalid',
  'dane-required',
  'sts-policy-fetch-error',
  'sts-policy-invalid',
  'sts-webpki-invalid',
] as const
export type TlsRptResult = (typeof TLS_RPT_RESULTS)[number]

/** RFC 8460 §4.2, `policy-type`. */
export type TlsRptPolicyType = 'tlsa' | 'sts' | 'no-policy-found'

/** One session, as it is counted. */
export interface TlsRptSession {
  /** The domain whose policy held: the recipient's for MTA-STS, the MX host's for TLSA (RFC 8460 §4.2). */
  readonly policyDomain: string
  readonly policyType: TlsRptPolicyType
  readonly mxHost: string
  /** Null: it succeeded. */
  readonly result: TlsRptResult | null
  readonly at: Date
}

/** What sessions are counted by: equal keys are one counter. */
export interface TlsRptKey {
  /** UTC, as in `2026-06-01`: reports are about whole days (RFC 8460 §4.1). */
  readonly day: string
  readonly policyDomain: string
  readonly policyType: TlsRptPolicyType
  readonly mxHost: string
  readonly result: TlsRptResult | 'success'
}

/** The counter of a session (O28). */
export function tlsRptKey({ policyDomain, policyType, mxHost, result, at }: TlsRptSession): TlsRptKey {
  return { day: at.toISOString().slice(0, 10), policyDomain, policyType, mxHost, result: result ?? 'success' }
}

/** Why a certificate does not prove what it should, as Node.js names it (`error.code`). */
export function certificateResult(code: string): TlsRptResult {
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'certificate-host-mismatch'
    case 'CERT_HAS_EXPIRED':
      return 'certificate-expired'
    case 'CERT_NOT_YET_VALID':
    case 'CERT_REVOKED':
    case 'CERT_SIGNATURE_FAILURE':
    case 'CERT_UNTRUSTED':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return 'certificate-not-trusted'
    default:
      return 'validation-failure'
  }
}

/** The type under which a domain's sessions are counted. */
export function policyTypeOf(hasTlsa: boolean, sts: StsPolicy | null): TlsRptPolicyType {
  if (hasTlsa) return 'tlsa'
  return sts === null || sts.mode === 'none' ? 'no-policy-found' : 'sts'
}
