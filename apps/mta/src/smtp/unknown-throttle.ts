import { type AddressKey, domainOf, type ForwardPath, recipientKey, splitSubAddress } from '@mairust/mail-core/address'
import { clientKey, clientNetwork, UNKNOWN_RECIPIENT_LIMITS } from '@mairust/mail-core/inbound'
import type { SessionFacts } from '@mairust/mail-core/smtp'

const HOUR = 3_600_000
const MAX_CLIENTS = 100_000
const { perAddress, mostForAddressesOfNetwork } = UNKNOWN_RECIPIENT_LIMITS
/** More addresses allow nothing more. */
const MAX_ADDRESSES = mostForAddressesOfNetwork / perAddress

/** Who names recipients: a user wherever he is, else the client. */
export type Namer = Pick<SessionFacts, 'user' | 'remoteAddress'>

/** What counts for and against a client or its network. */
export interface NamerCounts {
  /** Unknown recipients of this hour. */
  readonly unknown: number
  /**
   * How many of these are allowed because other addresses in their domains took its mail in this hour and the one before: while its
   * recipients are refused, it can send none. Only what the client named counts, each address once, not what is behind it: else the limit
   * would tell where addresses lead. Where every address takes mail, none is unknown, so that a catch-all earns no guesses.
   */
  readonly earned: number
  /** Whether any of its mail was taken in this hour or the one before. */
  readonly isSender: boolean
}

/** Counts the unknown recipients of each client per hour, and the addresses that took its mail. */
export interface UnknownThrottle {
  /** Counts one more unknown recipient. */
  add(namer: Namer, domain: string): void
  /** Counts the recipients of an accepted message, without their tags: nobody earns guesses by mail to himself. */
  accepted(namer: Namer, recipients: readonly Named[]): void
  /** For a user both are his; else of the address or /64, and of the address or /48. `next`: as if one more were unknown in that domain. */
  count(namer: Namer, next?: string): { readonly client: NamerCounts; readonly network: NamerCounts }
}

/** An address as the client named it, and its domain. */
export interface Named {
  readonly address: AddressKey
  readonly domain: string
}

/** What a recipient counts as: all tags of an address are one. */
export function namedIn(path: ForwardPath): Named {
  const address = recipientKey(path === 'postmaster' ? path : splitSubAddress(path).base)
  return { address, domain: domainOf(address) }
}

interface Counts {
  /** Unknown recipients by domain. */
  readonly unknown: Map<string, number>
  /** Addresses that took mail, by domain, and how many they are. */
  readonly accepted: Map<string, Set<string>>
  size: number
}

interface Hour {
  readonly startedAt: number
  readonly counts: Map<string, Counts>
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
  const acceptedIn = (key: string, domain: string): number => {
    const current = hour.counts.get(key)?.accepted.get(domain) ?? NONE
    const earlier = before.counts.get(key)?.accepted.get(domain) ?? NONE
    return new Set([...current, ...earlier]).size
  }
  const of = (key: string, next: string | undefined): NamerCounts => {
    const unknown = new Map(hour.counts.get(key)?.unknown)
    if (next !== undefined) unknown.set(next, (unknown.get(next) ?? 0) + 1)
    const isSender = [hour, before].some(({ counts: all }) => (all.get(key)?.size ?? 0) > 0)
    const counts = { unknown: 0, earned: 0, isSender }
    for (const [domain, count] of unknown) {
      counts.unknown += count
      counts.earned += Math.min(count, perAddress * acceptedIn(key, domain))
    }
    return counts
  }
  const countsOf = (namer: Namer): Counts[] => {
    turn()
    return [...new Set(keysOf(namer))].map((key) => {
      const counts = hour.counts.get(key) ?? { unknown: new Map(), accepted: new Map(), size: 0 }
      hour.counts.set(key, counts)
      return counts
    })
  }
  return {
    add: (namer, domain) => {
      for (const { unknown } of countsOf(namer)) unknown.set(domain, (unknown.get(domain) ?? 0) + 1)
    },
    accepted: (namer, recipients) => {
      for (const counts of countsOf(namer)) for (const recipient of recipients) put(counts, recipient)
    },
    count: (namer, next) => {
      turn()
      const [client, network] = keysOf(namer)
      return { client: of(client, next), network: of(network, next) }
    },
  }
}

function put(counts: Counts, { address, domain }: Named): void {
  const addresses = counts.accepted.get(domain) ?? new Set()
  if (counts.size >= MAX_ADDRESSES || addresses.has(address)) return
  counts.accepted.set(domain, addresses.add(address))
  counts.size += 1
}

/** An IPv4 address has the same key twice, a user too. */
function keysOf({ user, remoteAddress }: Namer): readonly [client: string, network: string] {
  if (user !== null) return [user.id, user.id]
  return [clientKey(remoteAddress), clientNetwork(remoteAddress)]
}
