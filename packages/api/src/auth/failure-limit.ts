import { clientKey } from '@mairust/mail-core/inbound'
import { RateLimiterMemory } from 'rate-limiter-flexible'

/** Bounds how fast an address may guess, whichever accounts it tries. Logins that succeed cost nothing: many users may share one. */
export interface FailureLimit {
  /** Whether the address has used up its wrong logins of this minute. */
  isOver: (address: string) => Promise<boolean>
  count: (address: string) => Promise<void>
}

const MINUTE_S = 60

/** Makes a limit that this process counts. @param perMinute most wrong logins a minute; 0 for no limit */
export const createFailureLimit = (perMinute: () => number): FailureLimit => {
  const limiter = new RateLimiterMemory({ keyPrefix: 'login', points: 1, duration: MINUTE_S })
  return {
    isOver: async (address) => {
      const most = perMinute()
      return most > 0 && ((await limiter.get(clientKey(address)))?.consumedPoints ?? 0) >= most
    },
    count: async (address) => {
      await limiter.penalty(clientKey(address), 1)
    },
  }
}
