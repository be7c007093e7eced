import { clientKey, clientNetwork } from '@mairust/mail-core/inbound'
import type { SessionFacts } from '@mairust/mail-core/smtp'

const HOUR = 3_600_000
const MAX_CLIENTS = 100_000

/** Who names recipients: a user wherever he is, else the client. */
export type Namer = Pick<SessionFacts, 'user' | 'remoteAddress'>

/** What counts for and against a client or its network. */
export interface NamerCounts {
  /** Unknown recipients of this hour. */
  readonly unknown: number
  /** Messages accepted in this hour and the one before: while its recipients are refused, it can send none. */
  readonly accepted: number
}

/** Counts the unknown recipients and the accepted messages of each client per hour. */
export interface UnknownThrottle {
  /** Counts one more unknown recipient. */
  add(namer: Namer): void
  /** Counts one more accepted message. */
  accepted(namer: Namer): void
  /** For a user both are his; else of the address or /64, and of the address or /48. */
  count(namer: Namer): { readonly client: NamerCounts; readonly network: NamerCounts }
}

interface Hour {
  readonly startedAt: number
  readonly counts: Map<string, { unknown: number; accepted: number }>
}

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
    const { unknown = 0, accepted = 0 } = hour.counts.get(key) ?? {}
    return { unknown, accepted: accepted + (before.counts.get(key)?.accepted ?? 0) }
  }
  const increase = (namer: Namer, what: 'unknown' | 'accepted'): void => {
    turn()
    for (const key of new Set(keysOf(namer))) {
      const counts = hour.counts.get(key) ?? { unknown: 0, accepted: 0 }
      counts[what] += 1
      hour.counts.set(key, counts)
    }
  }
  return {
    add: (namer) => increase(namer, 'unknown'),
    accepted: (namer) => increase(namer, 'accepted'),
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
