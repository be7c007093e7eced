import { clientKey, clientNetwork } from '@mairust/mail-core/inbound'

const HOUR = 3_600_000
const MAX_CLIENTS = 100_000

/** Unknown recipients of this hour. */
export interface UnknownCounts {
  /** From the client: the address, or the /64 for IPv6. */
  readonly client: number
  /** From its network: the address, or the /48 for IPv6. */
  readonly network: number
}

/** Counts each client's unknown recipients per hour. */
export interface UnknownThrottle {
  /** Counts one more. */
  add(address: string): void
  count(address: string): UnknownCounts
}

export function createUnknownThrottle(now: () => number): UnknownThrottle {
  const empty = () => ({ startedAt: now(), clients: new Map<string, number>(), networks: new Map<string, number>() })
  let hour = empty()
  const count = (address: string): UnknownCounts => {
    if (now() - hour.startedAt >= HOUR || hour.clients.size >= MAX_CLIENTS) hour = empty()
    return {
      client: hour.clients.get(clientKey(address)) ?? 0,
      network: hour.networks.get(clientNetwork(address)) ?? 0,
    }
  }
  return {
    count,
    add: (address) => {
      const before = count(address)
      hour.clients.set(clientKey(address), before.client + 1)
      hour.networks.set(clientNetwork(address), before.network + 1)
    },
  }
}
