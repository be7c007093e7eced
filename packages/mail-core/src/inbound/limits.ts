import { replies } from '../smtp/replies.ts'
import type { Decision } from './types.ts'

/** Limits of `smtp.limits`; 0 turns one off. */
export interface ConnectionLimits {
  readonly maxConnections: number
  readonly perAddress: number
  readonly newPerMinutePerAddress: number
}

/** Counters when a connection arrives, not counting it; clients are identified by `clientKey`. */
export interface ConnectionCounts {
  readonly open: number
  readonly openFromAddress: number
  readonly newFromAddressLastMinute: number
  /** True when some open connection makes no progress. */
  readonly evictable: boolean
  /** True for a client in `smtp.limits.exempt`. */
  readonly exempt: boolean
}

export type ConnectionRefusal = 'too_many_connections' | 'too_many_from_address' | 'too_fast'

export type ConnectionDecision = Decision<ConnectionRefusal> | { readonly kind: 'make_room' }

/**
 * Whether the connection may stay open. At the global limit a connection without progress is evicted (`make_room`), so that idle
 * connections cannot lock out a real client; the caller closes it with 421.
 */
export function decideConnection(counts: ConnectionCounts, limits: ConnectionLimits): ConnectionDecision {
  const reply = replies.tooManyConnections
  if (!counts.exempt && reached(counts.openFromAddress, limits.perAddress)) {
    return { kind: 'refuse', reason: 'too_many_from_address', reply }
  }
  if (!counts.exempt && reached(counts.newFromAddressLastMinute, limits.newPerMinutePerAddress)) {
    return { kind: 'refuse', reason: 'too_fast', reply }
  }
  if (!reached(counts.open, limits.maxConnections)) return { kind: 'accept' }
  return counts.evictable ? { kind: 'make_room' } : { kind: 'refuse', reason: 'too_many_connections', reply }
}

/**
 * Whether a transaction with `accepted` recipients may take another. 452 makes the client send the rest separately (RFC 5321
 * §4.5.3.1.10).
 */
export function decideRecipientCount(accepted: number, max: number): Decision<'too_many_recipients'> {
  if (!reached(accepted, max)) return { kind: 'accept' }
  return { kind: 'refuse', reason: 'too_many_recipients', reply: replies.tooManyRecipients }
}

/**
 * Unknown recipients a client may name before it counts as an address harvester; a network is the /48 of an IPv6 client. Each address
 * that took its mail allows more in the same domain: one user of a large sender must not stop the mail of the others. That is bounded,
 * as anybody can have addresses here.
 */
export const UNKNOWN_RECIPIENT_LIMITS = {
  perConnection: 10,
  perHour: 50,
  perHourAndNetwork: 250,
  perAddress: 2,
  mostForAddresses: 200,
  mostForAddressesOfNetwork: 1000,
} as const

/** Unknown recipients of a client so far. */
export interface UnknownRecipients {
  readonly onConnection: number
  readonly fromAddressLastHour: number
  readonly fromNetworkLastHour: number
  /** How many of them the client's, and its network's, accepted recipients in the same domains allow. */
  readonly earned: { readonly client: number; readonly network: number }
  readonly exempt: boolean
}

/**
 * Whether the session may continue after an unknown recipient, or may have one looked up: the counts include it. A client that has used
 * up its unknown recipients gets the same answer for all, so that it does not learn which exist.
 */
export function decideUnknownRecipients(counts: UnknownRecipients): Decision<'harvesting'> {
  const { perConnection, perHour, perHourAndNetwork, mostForAddresses, mostForAddressesOfNetwork } =
    UNKNOWN_RECIPIENT_LIMITS
  const { client, network } = counts.earned
  const over =
    counts.onConnection > perConnection ||
    counts.fromAddressLastHour > perHour + Math.min(client, mostForAddresses) ||
    counts.fromNetworkLastHour > perHourAndNetwork + Math.min(network, mostForAddressesOfNetwork)
  if (counts.exempt || !over) return { kind: 'accept' }
  return { kind: 'refuse', reason: 'harvesting', reply: replies.tooManyUnknown }
}

/** Refusals on one connection since its last accepted message. */
export interface Refusals {
  /** Refused MAIL commands, and transactions that ended without an accepted message: each leaves a journey. */
  readonly transactions: number
  /** Refused RCPT commands, except those beyond the recipient limit. */
  readonly recipients: number
  /** RCPT commands beyond the recipient limit. */
  readonly overLimit: number
}

/** Refused transactions allowed per connection. */
export const MAX_REFUSED_TRANSACTIONS = 50

/** Recipients over the limit that cost a client nothing, in transactions of full size. */
const MAX_OVER_LIMIT = 50

/**
 * Whether the session may continue after refusals. All of `maxRecipients` recipients may fail, since a pipelining client must get a
 * reply for each (RFC 2920 §3.1). Fifty times as many may be over the limit: clients learn it from our 452, and send the message to
 * those that were accepted (RFC 5321 §4.5.3.1.10). Further ones count like any refusal. No client is exempt.
 */
export function decideRefusals(refused: Refusals, maxRecipients: number): Decision<'too_many_errors'> {
  const recipients = refused.recipients + Math.max(0, refused.overLimit - MAX_OVER_LIMIT * maxRecipients)
  const over =
    refused.transactions >= MAX_REFUSED_TRANSACTIONS || recipients >= MAX_REFUSED_TRANSACTIONS + maxRecipients
  return over ? { kind: 'refuse', reason: 'too_many_errors', reply: replies.tooManyErrors } : { kind: 'accept' }
}

/** Failed logins allowed per connection; no client is exempt. */
export const MAX_AUTH_FAILURES = 3

/** Whether the session may continue after a failed login. The count includes it. */
export function decideAuthFailures(onConnection: number): Decision<'too_many_auth_failures'> {
  if (onConnection < MAX_AUTH_FAILURES) return { kind: 'accept' }
  return { kind: 'refuse', reason: 'too_many_auth_failures', reply: replies.tooManyErrors }
}

/** Whether the SIZE announced in MAIL fits (RFC 1870 §6.1). */
export function decideSize(announced: number | null, maxSize: number): Decision<'too_large'> {
  if (announced === null || announced <= maxSize) return { kind: 'accept' }
  return { kind: 'refuse', reason: 'too_large', reply: replies.tooLarge }
}

function reached(count: number, limit: number): boolean {
  return limit > 0 && count >= limit
}
