import { clientKey, clientNetwork, UNKNOWN_RECIPIENT_LIMITS } from '@mairust/mail-core/inbound'
import type { SessionFacts } from '@mairust/mail-core/smtp'

const HOUR = 3_600_000
const MAX_CLIENTS = 100_000
/** More mailboxes allow nothing more. */
const MAX_MAILBOXES = UNKNOWN_RECIPIENT_LIMITS.mostForMailboxesOfNetwork / UNKNOWN_RECIPIENT_LIMITS.perMailbox

/** Who names recipients: a user wherever he is, else the client. */
export type Namer = Pick<SessionFacts, 'user' | 'remoteAddress'>

/** What counts for and against a client or its network. */
export interface NamerCounts {
  /** Unknown recipients of this hour. */
  readonly unknown: number
  /**
   * Mailboxes that got its mail in this hour and the one before: while its recipients are refused, it can send none. A mailbox
   * counts once, so that nobody earns guesses by mail to himself.
   */
  readonly mailboxes: number
}

/** Counts the unknown recipients of each client per hour, and the mailboxes that got its mail. */
export interface UnknownThrottle {
  /** Counts one more unknown recipient. */
  add(namer: Namer): void
  /** Counts the mailboxes of an accepted message. */
  accepted(namer: Namer, mailboxIds: readonly string[]): void
  /** For a user both are his; else of the address or /64, and of the address or /48. */
  count(namer: Namer): { readonly client: NamerCounts; readonly network: NamerCounts }
}

interface Hour {
  readonly startedAt: number
  readonly counts: Map<string, { unknown: number; readonly mailboxes: Set<string> }>
}

const NONE: ReadonlySet<string> = new Set()

export function createUnknownThrottle(now: () => number): UnknownThrottle {
  const empty = (): Hour => ({ startedAt: now(), counts: new Map() })
  let hour = empty()
  let before = empty()

  const turn = (): void => {
    const passed = now() - hour.startedAt
    if (passed < HOUR && hour.counts.size < MAX_CLIENTS) return
    before = passed < 2 * HOUR ? hour : empty()
    hour = empty()
  }
  const of = (key: string): NamerCounts => {
    const { unknown = 0, mailboxes = NONE } = hour.counts.get(key) ?? {}
    const earlier = before.counts.get(key)?.mailboxes ?? NONE
    let count = mailboxes.size
    for (const id of earlier) if (!mailboxes.has(id)) count += 1
    return { unknown, mailboxes: count }
  }
  const countsOf = (namer: Namer) => {
    turn()
    return [...new Set(keysOf(namer))].map((key) => {
      const counts = hour.counts.get(key) ?? { unknown: 0, mailboxes: new Set<string>() }
      hour.counts.set(key, counts)
      return counts
    })
  }
  return {
    add: (namer) => {
      for (const counts of countsOf(namer)) counts.unknown += 1
    },
    accepted: (namer, mailboxIds) => {
      for (const { mailboxes } of countsOf(namer))
        for (const id of mailboxIds) if (mailboxes.size < MAX_MAILBOXES) mailboxes.add(id)
    },
    count: (namer) => {
      turn()
      const [client, network] = keysOf(namer)
      return { client: of(client), network: of(network) }
    },
  }
}

/** An IPv4 address has the same key twice, a user too. */
function keysOf({ user, remoteAddress }: Namer): readonly [client: string, network: string] {
  if (user !== null) return [user.id, user.id]
  return [clientKey(remoteAddress), clientNetwork(remoteAddress)]
}
