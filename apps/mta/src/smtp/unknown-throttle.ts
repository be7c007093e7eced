import { clientKey } from '@mairust/mail-core/inbound'

const HOUR = 3_600_000
const MAX_CLIENTS = 100_000

/** Counts each client's unknown recipients per hour. */
export interface UnknownThrottle {
  /** Counts one more. @returns the count of this hour */
  add(address: string): number
}

export function createUnknownThrottle(now: () => number): UnknownThrottle {
  let hour = { startedAt: now(), counts: new Map<string, number>() }
  return {
    add: (address) => {
      if (now() - hour.startedAt >= HOUR || hour.counts.size >= MAX_CLIENTS)
        hour = { startedAt: now(), counts: new Map() }
      const key = clientKey(address)
      const count = (hour.counts.get(key) ?? 0) + 1
      hour.counts.set(key, count)
      return count
    },
  }
}
