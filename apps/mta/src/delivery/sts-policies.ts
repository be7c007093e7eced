import type { Resolver } from '@mairust/dns'
import { afterFetch, type StsEntry, type StsPolicy, stsStep } from '@mairust/mail-core/outbound'
import type { StsFetched } from './sts-fetch.ts'

/** What is kept of a domain between messages. */
export interface StsMemory {
  readonly entry: StsEntry | null
  /** When a fetch last failed without an entry. */
  readonly failedAt: Date | null
}

/** Where policies are kept. */
export interface StsStore {
  get(domain: string): Promise<StsMemory>
  set(domain: string, memory: StsMemory): Promise<void>
}

export interface StsPolicyOptions {
  readonly resolver: Resolver
  readonly store: StsStore
  readonly fetch: (domain: string, owner: string) => Promise<StsFetched>
  readonly now: () => Date
}

/** The policy to deliver by, and how a fetch failed, if one was needed and did (O28). */
export interface StsFound {
  readonly policy: StsPolicy | null
  readonly failed: Extract<StsFetched, { ok: false }> | null
}

/** Knows the MTA-STS policies of domains, in A-labels (O23). `owner`: for whom the look-ups are; by default, the domain. */
export function createStsPolicies({
  resolver,
  store,
  fetch,
  now,
}: StsPolicyOptions): (domain: string, owner?: string) => Promise<StsFound> {
  const underWay = new Map<string, Promise<StsFound>>()

  async function find(domain: string, owner: string): Promise<StsFound> {
    const [{ entry, failedAt }, record] = await Promise.all([
      store.get(domain),
      resolver.query(`_mta-sts.${domain}`, 'TXT', { owner }),
    ])
    const step = stsStep({ entry, record, failedAt, now: now() })
    if (step.kind === 'use') return { policy: step.policy, failed: null }
    const fetched = await fetch(domain, owner)
    const policy = fetched.ok ? fetched.policy : null
    const after = afterFetch(entry, step.id, policy, now())
    await store.set(domain, { entry: after, failedAt: after === null ? now() : null })
    return fetched.ok ? { policy, failed: null } : { policy: step.fallback, failed: fetched }
  }

  return (domain, owner = domain) => {
    // An address literal has no policy.
    if (domain.startsWith('[')) return Promise.resolve({ policy: null, failed: null })
    const running = underWay.get(domain)
    if (running !== undefined) return running
    const started = find(domain, owner).finally(() => underWay.delete(domain))
    underWay.set(domain, started)
    return started
  }
}
