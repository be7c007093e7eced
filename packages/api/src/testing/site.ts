import type { StoredSite } from '@mairust/db/queries/delivery-site'
import { newSite, NO_TLS_MEMORY, type Throttle } from '@mairust/mail-core/outbound'

const HOUR = 3_600_000
const state = () => newSite({ start: 4, max: { concurrency: 4, perMinute: null } })

/** A site of which no server answers, until an hour from now. */
export function deadSite(key: string): StoredSite {
  const now = Date.now()
  const dead = { since: now - HOUR, until: now + HOUR, step: 1, reply: 'no answer', probingUntil: null }
  return { key, domain: `far.${key}`, state: { ...state(), failedPlans: 3, dead }, tls: NO_TLS_MEMORY }
}

/** A site with throttles, until an hour from now unless they say otherwise. */
export function throttledSite(key: string, ...throttles: readonly Partial<Throttle>[]): StoredSite {
  const now = Date.now()
  const complete = throttles.map((given) => ({
    scope: { site: key, source: null },
    cause: 'rate' as const,
    rule: 'test-rule',
    reply: '421 4.7.0 slow down',
    since: now - HOUR,
    until: now + HOUR,
    limits: { concurrency: 2, perMinute: 60 },
    level: 1,
    successes: 0,
    changed: now - HOUR,
    ...given,
  }))
  return { key, domain: `far.${key}`, state: { ...state(), throttles: complete }, tls: NO_TLS_MEMORY }
}
