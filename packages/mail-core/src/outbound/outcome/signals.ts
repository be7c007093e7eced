import type { RecipientResult, Refusal } from './refusal.ts'

/** What a session or an attempt tells of the site as a whole. */
export type SiteSignal =
  /** Mail went through: limits may come back. */
  | { readonly kind: 'delivered' }
  /** No connection, or no session on it: concurrency falls (O29). */
  | { readonly kind: 'unreachable'; readonly refusal: Refusal }
  /** The remote wants less (O32), for the time that it named, if it did. */
  | { readonly kind: 'slow_down'; readonly refusal: Refusal; readonly hintSeconds: number | null }
  /** Our address is refused: this source sends nothing to the provider for a while, and somebody is told (O33). */
  | { readonly kind: 'pause_source'; readonly refusal: Refusal }
  /** Our IPv6 address is refused: use IPv4 here (O7). */
  | { readonly kind: 'avoid_ipv6'; readonly refusal: Refusal }

/** The signals of a session's results, each kind once. */
export function signalsOf(results: readonly RecipientResult[]): readonly SiteSignal[] {
  const signals = new Map<SiteSignal['kind'], SiteSignal>()
  const add = (signal: SiteSignal | null) => {
    if (signal !== null && !signals.has(signal.kind)) signals.set(signal.kind, signal)
  }
  for (const result of results) {
    if (result.kind === 'delivered') add({ kind: 'delivered' })
    else if (result.kind === 'deferred') add(signalOf(result.refusal, result.hintSeconds))
    else if (result.kind === 'bounced') add(signalOf(result.refusal, null))
  }
  return [...signals.values()]
}

function signalOf(refusal: Refusal, hintSeconds: number | null): SiteSignal | null {
  const { class: cls, scope, local, stage, ipv6Only } = refusal
  if (ipv6Only) return { kind: 'avoid_ipv6', refusal }
  if (local)
    return stage === 'connect' || stage === 'banner' || stage === 'hello' ? { kind: 'unreachable', refusal } : null
  // What is said of one recipient holds for him alone.
  if (scope === 'recipient') return null
  if (cls === 'rate_limited') return { kind: 'slow_down', refusal, hintSeconds }
  if (cls === 'reputation_ip') return { kind: 'pause_source', refusal }
  return null
}
