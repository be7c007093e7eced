import type { Random } from '../random.ts'

const MINUTE = 60_000
/** Around each gap, so that what failed together does not come back together (O39: 10–20 %). */
const JITTER = 0.15
/** O34: what greylisting servers usually ask for. */
const GREYLIST_MINUTES = { from: 5, to: 10 }
/** After as many failures, a remote that still names short times is believed no more. */
const TRUSTED_HINTS = 5

/** The facts for when to try again. */
export interface RetryQuestion {
  readonly now: Date
  /** Failed attempts so far, this one included. */
  readonly failures: number
  /** `queue.retry_minutes`: the gap after each failure; the last repeats. */
  readonly retryMinutes: readonly number[]
  readonly expiresAt: Date
  /** Whether the remote only wants us to come back (O34). */
  readonly greylisted: boolean
  /** The time that the remote named, from `retryHint`. */
  readonly hintSeconds: number | null
  readonly random: Random
}

export type RetryDecision = { readonly kind: 'retry'; readonly at: Date } | { readonly kind: 'expired' }

/**
 * When to try again. RFC 5321 §4.5.4.1 asks for half an hour as a rule, and shorter gaps at first, which the default has: a minute, then 5.
 * The last attempt is made when the lifetime ends, and none after.
 */
export function nextAttempt(question: RetryQuestion): RetryDecision {
  const { now, expiresAt } = question
  if (now >= expiresAt) return { kind: 'expired' }
  return { kind: 'retry', at: new Date(Math.min(now.getTime() + gapOf(question), expiresAt.getTime())) }
}

function gapOf({ failures, retryMinutes, greylisted, hintSeconds, random }: RetryQuestion): number {
  const usual = (retryMinutes[Math.min(failures, retryMinutes.length) - 1] ?? 1) * MINUTE
  const jittered = usual * (1 + JITTER * (2 * random() - 1))
  const early = failures <= TRUSTED_HINTS
  if (hintSeconds !== null) {
    // Never before the named time.
    const named = hintSeconds * 1000 * (1 + JITTER * random())
    return early ? named : Math.max(named, jittered)
  }
  if (!greylisted) return jittered
  const { from, to } = GREYLIST_MINUTES
  const wait = (from + (to - from) * random()) * MINUTE
  return early ? wait : Math.max(wait, jittered)
}
