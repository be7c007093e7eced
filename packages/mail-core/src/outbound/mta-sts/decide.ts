import { isInPolicy, type StsPolicy } from './policy.ts'

export type StsVerdict =
  /** No policy concerns it. */
  | { readonly kind: 'free' }
  /** The connection needs a certificate for the host's name, or the host gets no mail (RFC 8461 §4.2, §5). */
  | { readonly kind: 'verified' }
  /** Not a server of the policy: no mail goes there. */
  | { readonly kind: 'skip' }
  /** `testing`: failures are counted, and nothing is held up (O23). `named`: whether the policy names the host. */
  | { readonly kind: 'observe'; readonly named: boolean }

/** What the domain's policy means for one of its mail servers. */
export function stsVerdict(policy: StsPolicy | null, host: string): StsVerdict {
  if (policy === null || policy.mode === 'none') return { kind: 'free' }
  const named = isInPolicy(host, policy)
  if (policy.mode === 'testing') return { kind: 'observe', named }
  return named ? { kind: 'verified' } : { kind: 'skip' }
}
