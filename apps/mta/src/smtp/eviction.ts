import { SESSION_DEADLINES } from '@mairust/mail-core/inbound'
import type { Ticket } from './ticket.ts'

/** How long a step towards a message protects a connection. */
const PROTECTED = 10_000
/** How long steps protect one that sends no message. */
const WITHOUT_MESSAGE = 20_000
/** How long a small network's connection has to come to MAIL. */
const FRESH = 5000
/** How long a message may take to reach the least speed. */
const SLOW_START = 5000
/** Most connections of a small network. */
const SMALL = 2
/** The part of all places from which networks crowd a listener. */
const CROWD = 1 / 4

/** Who asks for a place on a full listener. */
export interface Newcomer {
  /** null for a client without a fair share: one that is exempt or not named yet. */
  readonly network: string | null
}

/**
 * The connection that gives its place to a newcomer, or null when none has to. Networks that crowd the listener give first, even
 * what steps protect, to those that hold clearly fewer; then whoever is idle; then their messages that are not complete; then the
 * oldest of those that have just come. A complete message is never lost, nor one that moves of a network that does not crowd;
 * networks that crowd the listener take nothing from smaller ones.
 */
export function chooseEvicted(tickets: ReadonlySet<Ticket>, newcomer: Newcomer, now: number): Ticket | null {
  const held = new Map<string, number>()
  const fair = new Map<string, number>()
  for (const { network, exempt } of tickets) {
    held.set(network, (held.get(network) ?? 0) + 1)
    if (!exempt && network !== '') fair.set(network, (fair.get(network) ?? 0) + 1)
  }
  const own = newcomer.network === null ? 1 : (held.get(newcomer.network) ?? 0) + 1
  const sumOf = (matches: (count: number) => boolean): number =>
    [...fair.values()].reduce((sum, count) => sum + (matches(count) ? count : 0), 0)
  const crowd = tickets.size * CROWD
  const others = {
    crowd: sumOf((count) => count > 2 * own) >= crowd,
    peers: sumOf((count) => 2 * count >= own) >= crowd,
  }

  /** The lower, the sooner it goes; null when it stays. */
  const rankOf = (ticket: Ticket): number | null => {
    const count = held.get(ticket.network) ?? 0
    const standing = standingOf(ticket, { count, now })
    if (standing === 'complete') return null
    const isLarge = count > 2 * own
    if (isLarge && standing === 'idle') return 0
    if (isLarge && others.crowd && !ticket.exempt) return standing === 'moving' ? 3 : 1
    if (standing === 'moving' || standing === 'protected' || (others.peers && own > 2 * count)) return null
    if (standing === 'idle') return 2
    return own <= 2 * count ? 4 : null
  }

  let found: { readonly ticket: Ticket; readonly rank: number; readonly count: number } | null = null
  for (const ticket of tickets) {
    const rank = rankOf(ticket)
    if (rank === null) continue
    const count = held.get(ticket.network) ?? 0
    const isWorse =
      found === null || (rank - found.rank || found.count - count || ticket.progress.at - found.ticket.progress.at) < 0
    if (isWorse) found = { ticket, rank, count }
  }
  return found?.ticket ?? null
}

/** What a connection does: a message `complete` or `moving`, `protected` by its steps, of a small network and `fresh`, or `idle`. */
function standingOf(
  { mailAt, acceptedAt, progress, data }: Ticket,
  { count, now }: { readonly count: number; readonly now: number },
): 'complete' | 'moving' | 'protected' | 'fresh' | 'idle' {
  if (data !== null) {
    if (data.complete()) return 'complete'
    // A few bytes now and then must not hold many places; an honest client on a bad line holds one or two.
    const isTrickle = count > SMALL && isSlow(data.bytes(), now - data.startedAt)
    return !isTrickle && now - progress.at < PROTECTED ? 'moving' : 'idle'
  }
  if (mailAt === null) return count <= SMALL && now - acceptedAt < FRESH ? 'fresh' : 'idle'
  // Recipients that are named again and again, without a message, are no progress.
  return now - progress.at < PROTECTED && now - progress.messageAt < WITHOUT_MESSAGE ? 'protected' : 'idle'
}

/** Whether a message is below the speed that its deadline will ask for. */
function isSlow(bytes: number, elapsed: number): boolean {
  return elapsed >= SLOW_START && bytes < (elapsed / 1000) * SESSION_DEADLINES.dataBytesPerSecond
}
