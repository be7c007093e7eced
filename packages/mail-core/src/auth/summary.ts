import type { DkimSignature, Verification } from './types.ts'

/** What one check found out, in the form in which it is stored and told. */
export interface CheckSummary {
  readonly method: 'spf' | 'dkim' | 'dmarc' | 'arc'
  readonly result: string
  /** Whose record or signature it is about; null when there is none. */
  readonly domain: string | null
  /** Which key of the domain signed. */
  readonly selector: string | null
  /** The record that decided. */
  readonly record: string | null
  readonly reason: string
}

/** Signatures that are told of; the others only count. */
const MAX_SIGNATURES = 5

/** Lists what was found out: SPF, each signature or that there is none, DMARC, ARC. */
export function summarizeChecks({ spf, dkim, dmarc, arc }: Verification): CheckSummary[] {
  const none = { domain: null, selector: null, record: null }
  const signatures = dkim.signatures.slice(0, MAX_SIGNATURES).map(signature)
  return [
    { ...none, method: 'spf', result: spf.result, domain: spf.domain || null, record: spf.record, reason: spf.reason },
    ...(signatures.length > 0
      ? signatures
      : [{ ...none, method: 'dkim' as const, result: dkim.result, reason: dkim.reason }]),
    {
      ...none,
      method: 'dmarc',
      result: dmarc.result,
      domain: dmarc.policyDomain ?? dmarc.domain,
      record: dmarc.record,
      reason: dmarc.reason,
    },
    { ...none, method: 'arc', result: arc.result, domain: arc.sealers.at(-1) ?? null, reason: arc.reason },
  ]
}

const signature = ({ result, domain, selector, record, reason }: DkimSignature): CheckSummary => ({
  method: 'dkim',
  result,
  domain: domain || null,
  selector: selector || null,
  record,
  reason,
})
