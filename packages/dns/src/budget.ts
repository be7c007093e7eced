import { type LookupCode, LookupError, lookUp, type NodeLookup } from './node-style.ts'
import type { Resolver } from './types.ts'

/** Look-ups for the checks of one message, within its budget. */
export interface MessageLookups {
  /** For SPF: 20 seconds from its first question (RFC 7208 §4.6.4). */
  readonly spf: NodeLookup
  /** For DKIM and ARC: 5 seconds in all. */
  readonly dkim: NodeLookup
  /** For DMARC: 5 seconds in all. */
  readonly dmarc: NodeLookup
  /** How many questions were asked so far. */
  readonly asked: () => number
  /** Ends look-ups that still wait. */
  readonly close: () => void
}

/** Questions for one message. A message can name any number of domains, and name servers that never answer. */
const MAX_QUERIES = 64

/**
 * Milliseconds for each check, and questions that it leaves to the others: no message can spend so much on signatures or SPF that
 * nothing is left to learn the domain's policy.
 */
const CHECKS = {
  spf: { ms: 20_000, leaves: 26 },
  dkim: { ms: 5_000, leaves: 16 },
  dmarc: { ms: 5_000, leaves: 0 },
} as const

/**
 * Opens the budget of one message; the caller closes it after the checks. Whatever exceeds it fails as temporary.
 * @param totalMs milliseconds from now on for all checks together, for a caller who has less time than they may take
 * @param owner whose share of the questions under way they take
 */
export function openLookups(resolver: Resolver, totalMs = Infinity, owner?: string): MessageLookups {
  let asked = 0
  const ends: AbortController[] = []
  const endAll = () => ends.forEach((end) => end.abort())
  const timers: NodeJS.Timeout[] = Number.isFinite(totalMs) ? [setTimeout(endAll, totalMs).unref()] : []

  function check({ ms, leaves }: { readonly ms: number; readonly leaves: number }): NodeLookup {
    const over = new AbortController()
    ends.push(over)
    let started = false
    return async (name, type) => {
      if (!started) timers.push(setTimeout(() => over.abort(), ms).unref())
      started = true
      if (asked >= MAX_QUERIES - leaves) throw tooMuch('ESERVFAIL', name, type)
      asked += 1
      return lookUp(resolver, name, type, { signal: over.signal, owner })
    }
  }

  return {
    spf: check(CHECKS.spf),
    dkim: check(CHECKS.dkim),
    dmarc: check(CHECKS.dmarc),
    asked: () => asked,
    close: () => {
      timers.forEach(clearTimeout)
      endAll()
    },
  }
}

const tooMuch = (code: LookupCode, name: string, type: string) =>
  new LookupError(code, `${type} ${name}`, 'the message asks for too many look-ups')
