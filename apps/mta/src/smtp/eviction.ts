import { chooseEvicted, type Newcomer, SESSION_DEADLINES, type Standing } from '@mairust/mail-core/inbound'
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

/** The connection that gives its place to a newcomer (`chooseEvicted`), or null when none has to. A complete message is never lost. */
export function chooseTicket(tickets: ReadonlySet<Ticket>, newcomer: Newcomer, now: number): Ticket | null {
  return chooseEvicted(tickets, newcomer, (ticket, count) => ({
    standing: standingOf(ticket, { count, now }),
    worth: ticket.progress.at,
  }))
}

/** A message is `complete` or `moving`; steps make a connection `protected`. */
function standingOf(
  { mailAt, acceptedAt, progress, data }: Ticket,
  { count, now }: { readonly count: number; readonly now: number },
): Standing {
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
