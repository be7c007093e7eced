import type { DnsAnswer } from '../mx/dns.ts'
import type { StsPolicy } from './policy.ts'
import { stsRecordId } from './text.ts'

const HOUR = 3_600_000
/** After a failed fetch another one is this far off at least (RFC 8461 §3.3). */
const RETRY = HOUR
/** After any fetch: a domain that changes its id with every answer does not have us fetch for every message. */
const AGAIN = HOUR / 12
/** RFC 8461 §3.3: a policy is checked again daily, so that an attacker who hides the record gains nothing. */
const REFRESH = 24 * HOUR

/** What is remembered of a domain. */
export interface StsEntry {
  /** Of the record at which the policy was fetched. */
  readonly id: string
  readonly policy: StsPolicy
  readonly fetchedAt: Date
  /** When a fetch was last tried. */
  readonly triedAt: Date
}

export interface StsQuestion {
  readonly entry: StsEntry | null
  /** The answer for `_mta-sts.<domain>`, as strings of each TXT record. */
  readonly record: DnsAnswer<readonly string[]>
  /** When a fetch last failed without an entry, or null. */
  readonly failedAt: Date | null
  readonly now: Date
}

export type StsStep =
  /** Deliver by this policy; null: the domain has none. */
  | { readonly kind: 'use'; readonly policy: StsPolicy | null }
  /** Fetch the policy first. If that fails, `fallback` holds: the policy that is still valid, or none (O23). */
  | { readonly kind: 'fetch'; readonly id: string; readonly fallback: StsPolicy | null }

/** The entry's policy while it holds. */
export function unexpired(entry: StsEntry | null, now: Date): StsPolicy | null {
  if (entry === null) return null
  return now.getTime() < entry.fetchedAt.getTime() + entry.policy.maxAgeSeconds * 1000 ? entry.policy : null
}

/**
 * Whether to deliver by what is known, or to fetch first (RFC 8461 §3.3, §5.1). A record that is gone or does not answer takes nothing
 * back: the policy holds until its own end.
 */
export function stsStep({ entry, record, failedAt, now }: StsQuestion): StsStep {
  const policy = unexpired(entry, now)
  const id = record.kind === 'found' ? stsRecordId(record.records) : null
  if (id === null) return { kind: 'use', policy }
  const isRecent = now.getTime() < nextFetch(entry, failedAt)
  const isCurrent = policy !== null && entry?.id === id
  if (isCurrent && !needsRefresh(entry, now)) return { kind: 'use', policy }
  return isRecent ? { kind: 'use', policy } : { kind: 'fetch', id, fallback: policy }
}

function nextFetch(entry: StsEntry | null, failedAt: Date | null): number {
  if (entry === null) return failedAt === null ? 0 : failedAt.getTime() + RETRY
  return entry.triedAt.getTime() + (entry.triedAt > entry.fetchedAt ? RETRY : AGAIN)
}

/** Whether the policy is to be fetched again before it ends, by a job or with the next mail: daily, and at half of a shorter life. */
export function needsRefresh({ fetchedAt, triedAt, policy }: StsEntry, now: Date): boolean {
  const age = now.getTime() - fetchedAt.getTime()
  const due = age >= Math.min(REFRESH, (policy.maxAgeSeconds * 1000) / 2)
  return due && now.getTime() >= triedAt.getTime() + RETRY
}

/** The entry after a fetch: the new policy, or the old one with a note that it was tried. */
export function afterFetch(entry: StsEntry | null, id: string, policy: StsPolicy | null, now: Date): StsEntry | null {
  if (policy !== null) return { id, policy, fetchedAt: now, triedAt: now }
  return entry === null ? null : { ...entry, triedAt: now }
}
