import type { StoredAuthentication } from '@mairust/db/schema'
import type { Destination, Transaction, Verdict } from '@mairust/intake/transaction'
import { domainOf } from '@mairust/mail-core/address'
import {
  type CheckSummary,
  decidePolicy,
  formatResults,
  type PolicyDecision,
  summarizeChecks,
  type Verification,
} from '@mairust/mail-core/auth'
import { allIn, type JourneyStepResult } from '@mairust/mail-core/journey'
import { toStoredText } from '@mairust/mail-core/message'
import type { Refusal } from './refusal.ts'

interface PolicyTools {
  readonly hostname: string
  /** `auth.dmarc.enforce` */
  readonly enforce: boolean
  readonly defers: boolean
}

/** Most characters of a record that are stored with the message. */
const MAX_RECORD = 1000

const STEP_RESULTS: Readonly<Record<string, JourneyStepResult>> = { pass: 'ok', fail: 'failed', temperror: 'deferred' }

/** Records what was found out about a message, and decides by the policies of its author and its recipients' domains. */
export function applyPolicy(
  { destinations, journal }: Transaction,
  found: Verification,
  { hostname, enforce, defers }: PolicyTools,
): Verdict | Refusal {
  const checks = summarizeChecks(found)
  for (const check of checks) {
    journal.step('authentication', check.method, STEP_RESULTS[check.result] ?? 'info', detailOf(check))
  }
  const decide = (override: Destination['dmarc']): PolicyDecision => decidePolicy(found, { enforce, defers, override })
  const all = [...destinations.values()]
  const refused = refusedBy(all.map(({ dmarc }) => decide(dmarc)))
  if (refused !== null) {
    journal.step('authentication', 'policy', refused.action === 'tempfail' ? 'deferred' : 'refused', refused.reason)
    return refusalFor(refused, found)
  }
  // By the mailbox's own domain: neither an alias elsewhere nor the order of recipients takes from it what it relies on.
  const reasons = new Map(
    all.flatMap(({ filing }) => [...filing].map(([domain, choice]) => [domain, junkReasonOf(decide(choice))])),
  )
  // Alike for a recipient, whoever else gets it: what other domains decide is no concern of theirs.
  for (const [domain, reason] of reasons) {
    journal.step('authentication', 'policy', ...outcome(reason), allIn(domain))
  }
  return {
    results: formatResults(hostname, found, journal.facts.remoteAddress),
    junkReason: ({ address }) => reasons.get(domainOf(address)) ?? null,
    stored: (junkReason) => toStored(found, checks, junkReason),
  }
}

type Refused = Extract<PolicyDecision, { reply: unknown }>
const isRefused = (decision: PolicyDecision): decision is Refused => 'reply' in decision

/** One message has one reply: any recipient's doubt defers it for all, and it is refused when all refuse it. */
function refusedBy(decisions: readonly PolicyDecision[]): Refused | null {
  const refused = decisions.filter(isRefused)
  const doubt = refused.find(({ action }) => action === 'tempfail')
  return doubt ?? (refused.length === decisions.length ? (refused[0] ?? null) : null)
}

function refusalFor({ action, reply }: Refused, { form }: Verification): Refusal {
  if (action === 'tempfail') return { reply, reason: 'dmarc_unknown' }
  return { reply, reason: form.kind === 'several_authors' ? 'from_count' : 'dmarc_reject' }
}

/** What a mailbox's domain refuses, and others take or an address elsewhere lets in, goes to Junk. */
const junkReasonOf = ({ action, reason }: PolicyDecision): string | null => (action === 'accept' ? null : reason)

const outcome = (junkReason: string | null): [JourneyStepResult, string] =>
  junkReason === null ? ['ok', 'accepted'] : ['info', `filed in Junk: ${junkReason}`]

function detailOf({ result, selector, record, reason }: CheckSummary): string {
  const facts = [...(selector === null ? [] : [`selector ${selector}`]), ...(record === null ? [] : [record])]
  return `${result}: ${reason}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`
}

function toStored(
  found: Verification,
  checks: readonly CheckSummary[],
  junkReason: string | null,
): StoredAuthentication {
  const { spf, dkim, dmarc, arc } = found
  const text = (value: string | null) => (value === null ? null : toStoredText(value, MAX_RECORD))
  return {
    spf: spf.result,
    dkim: dkim.result,
    dmarc: dmarc.result,
    arc: arc.result,
    ...(junkReason === null ? {} : { junkReason: toStoredText(junkReason) }),
    checks: checks.map(({ method, result, domain, selector, record, reason }) => ({
      method,
      result,
      domain: text(domain),
      selector: text(selector),
      record: text(record),
      reason: toStoredText(reason, MAX_RECORD),
    })),
  }
}
