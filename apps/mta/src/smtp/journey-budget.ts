import type { JourneyInput } from '@mairust/db/queries/accept'
import { clientNetwork, inNetworks } from '@mairust/mail-core/inbound'
import type { Log } from '@mairust/log'

const HOUR = 3_600_000
const MINUTE = 60_000
/** Journeys without a message an hour. Those that name a recipient of ours have a budget of their own. */
export const JOURNEY_BUDGET = { perNetwork: 100, inAll: 10_000 } as const

/** Bounds what strangers make us write about transactions without a message. */
export interface JourneyBudget {
  /** Whether to record and log the journey; counts it either way. */
  allows(journey: JourneyInput): boolean
  readonly dropped: number
}

export interface JourneyBudgetOptions {
  readonly exempt: () => readonly string[]
  readonly now: () => number
  readonly log: Log
}

/** Counts journeys per hour, by the address of the client or its IPv6 /48. Users and exempt networks have no budget. */
export function createJourneyBudget({ exempt, now, log }: JourneyBudgetOptions): JourneyBudget {
  const empty = () => ({ startedAt: now(), networks: new Map<string, number>(), inAll: { ours: 0, foreign: 0 } })
  let hour = empty()
  let dropped = 0
  let unsaid = 0
  let saidAt = -Infinity

  const drop = (remoteAddress: string): false => {
    dropped += 1
    unsaid += 1
    if (now() - saidAt >= MINUTE) {
      const about = { journeys: unsaid, remote_addr: remoteAddress }
      log.warn(about, 'Too many transactions without a message; some are counted, but not recorded')
      saidAt = now()
      unsaid = 0
    }
    return false
  }

  return {
    allows: ({ userId, remoteAddress, recipients }) => {
      if (userId !== null || inNetworks(remoteAddress, exempt())) return true
      if (now() - hour.startedAt >= HOUR) hour = empty()
      const whose = recipients.some(({ tenantId }) => tenantId !== null) ? 'ours' : 'foreign'
      if (hour.inAll[whose] >= JOURNEY_BUDGET.inAll) return drop(remoteAddress)
      const key = `${whose} ${clientNetwork(remoteAddress)}`
      const count = hour.networks.get(key) ?? 0
      if (count >= JOURNEY_BUDGET.perNetwork) return drop(remoteAddress)
      hour.networks.set(key, count + 1)
      hour.inAll[whose] += 1
      return true
    },
    get dropped() {
      return dropped
    },
  }
}
