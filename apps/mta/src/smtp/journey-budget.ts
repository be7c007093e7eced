import type { JourneyInput } from '@mairust/db/queries/accept'
import { clientNetwork, inNetworks } from '@mairust/mail-core/inbound'
import type { Log } from '@mairust/log'

const HOUR = 3_600_000
const MINUTE = 60_000
/** Networks that are counted; the others' journeys are all first ones. */
const MAX_NETWORKS = 100_000
/**
 * Journeys without a message an hour, of each kind. A network's first ones do not end with `inAll`: `firsts` more are recorded, and
 * `firstLines` logged, then half as many of the next as many, and so on, so at most twice as many in all. In the same way, but apart
 * from these, `senders` of networks that deliver mail are recorded up to `perSender` each, and `laterLines` of others are logged;
 * `users` of users up to `perUser` each, and `userLines` of their others.
 */
export const JOURNEY_BUDGET = {
  perNetwork: 100,
  inAll: 5000,
  perNetworkFirst: 5,
  firsts: 2500,
  firstLines: 10_000,
  perSender: 50,
  senders: 2500,
  laterLines: 10_000,
  perUser: 200,
  users: 20_000,
  userLines: 10_000,
} as const

/** What the budget goes by. */
export type BudgetedJourney = Pick<JourneyInput, 'status' | 'remoteAddress' | 'userId'> & {
  readonly recipients: readonly Pick<JourneyInput['recipients'][number], 'tenantId'>[]
}

/** What to do about a journey: store and log it, log a short line, or only count it. */
export type JourneyRoom = 'record' | 'line' | 'none'

/** Bounds what clients make us write about transactions without a message. */
export interface JourneyBudget {
  /** Counts the journey, or the recipients of an accepted one beside those whose quota pays for it. */
  take(journey: BudgetedJourney): JourneyRoom
  readonly dropped: number
}

export interface JourneyBudgetOptions {
  readonly exempt: () => readonly string[]
  /** Whether mail from this address, or its network, has been accepted of late. */
  readonly isSender: (remoteAddress: string) => boolean
  readonly now: () => number
  readonly log: Log
}

interface Kind {
  readonly networks: Map<string, number>
  readonly users: Map<string, number>
  recorded: number
  firsts: number
  lines: number
  senders: number
  laterLines: number
  ofUsers: number
  userLines: number
}

const NOTHING = { recorded: 0, firsts: 0, lines: 0, senders: 0, laterLines: 0, ofUsers: 0, userLines: 0 }

/**
 * Refusals of recipients of ours, other refusals, what the client itself gave up, and recipients beside an accepted message: whoever
 * makes many of one kind must not hide the others.
 */
const kindOf = ({ status, recipients }: BudgetedJourney): string => {
  if (status === 'aborted') return 'abandoned'
  if (status === 'accepted') return 'beside'
  return recipients.some(({ tenantId }) => tenantId !== null) ? 'ours' : 'foreign'
}

/** Whether the nth is taken: all up to `most`, then half of the next as many, a quarter after these, and so on. */
const isSampled = (nth: number, most: number): boolean => nth % 2 ** Math.floor(nth / most) === 0

/** Counts journeys per hour, by user, or the address of the client or its IPv6 /48. Exempt networks have no budget. */
export function createJourneyBudget({ exempt, isSender, now, log }: JourneyBudgetOptions): JourneyBudget {
  const empty = () => ({ startedAt: now(), kinds: new Map<string, Kind>() })
  let hour = empty()
  let dropped = 0
  let unsaid = 0
  let saidAt = -Infinity

  const drop = (remoteAddress: string): void => {
    dropped += 1
    unsaid += 1
    if (now() - saidAt < MINUTE) return
    const about = { journeys: unsaid, remote_addr: remoteAddress }
    log.warn(about, 'Too many transactions or recipients without a message; some are counted, but not recorded')
    saidAt = now()
    unsaid = 0
  }

  /** The journeys of this kind in this hour. */
  const kindFor = (journey: BudgetedJourney): Kind => {
    if (now() - hour.startedAt >= HOUR) hour = empty()
    const name = kindOf(journey)
    const kind = hour.kinds.get(name) ?? { networks: new Map(), users: new Map(), ...NOTHING }
    hour.kinds.set(name, kind)
    return kind
  }

  const roomIn = (kind: Kind, remoteAddress: string): JourneyRoom => {
    const network = clientNetwork(remoteAddress)
    const before = kind.networks.get(network) ?? 0
    if (before > 0 || kind.networks.size < MAX_NETWORKS) kind.networks.set(network, before + 1)
    if (before >= JOURNEY_BUDGET.perNetwork) return 'none'
    if (kind.recorded < JOURNEY_BUDGET.inAll) {
      kind.recorded += 1
      return 'record'
    }
    if (before >= JOURNEY_BUDGET.perNetworkFirst) {
      const isKnown = before < JOURNEY_BUDGET.perSender && isSender(remoteAddress)
      if (isKnown && isSampled(kind.senders++, JOURNEY_BUDGET.senders)) return 'record'
      return isSampled(kind.laterLines++, JOURNEY_BUDGET.laterLines) ? 'line' : 'none'
    }
    if (isSampled(kind.firsts++, JOURNEY_BUDGET.firsts)) return 'record'
    return isSampled(kind.lines++, JOURNEY_BUDGET.firstLines) ? 'line' : 'none'
  }

  const roomOfUser = (kind: Kind, userId: string): JourneyRoom => {
    const before = kind.users.get(userId) ?? 0
    kind.users.set(userId, before + 1)
    if (before < JOURNEY_BUDGET.perUser && isSampled(kind.ofUsers++, JOURNEY_BUDGET.users)) return 'record'
    return isSampled(kind.userLines++, JOURNEY_BUDGET.userLines) ? 'line' : 'none'
  }

  return {
    take: (journey) => {
      const { userId, remoteAddress } = journey
      if (inNetworks(remoteAddress, exempt())) return 'record'
      const kind = kindFor(journey)
      const room = typeof userId !== 'string' ? roomIn(kind, remoteAddress) : roomOfUser(kind, userId)
      if (room !== 'record') drop(remoteAddress)
      return room
    },
    get dropped() {
      return dropped
    },
  }
}
