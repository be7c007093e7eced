import { clientKey } from '@mairust/mail-core/inbound'
import { RateLimiterMemory } from 'rate-limiter-flexible'

/** Bounds how fast an address may guess, whichever accounts it tries. Logins that succeed cost nothing: many users may share one. */
export interface FailureLimit {
  /** Takes one of the address's wrong logins of this minute before a password is checked. @returns false when none is left */
  reserve: (address: string) => Promise<boolean>
  /** Ends a reservation: a login that was not wrong gives it back. */
  settle: (address: string, isWrong: boolean) => Promise<void>
}

const MINUTE_S = 60

/** Makes a limit that this process counts. @param perMinute most wrong logins a minute; 0 for no limit */
export const createFailureLimit = (perMinute: () => number): FailureLimit => {
  const limiter = new RateLimiterMemory({ keyPrefix: 'login', points: 1, duration: MINUTE_S })
  /** Logins whose passwords are being checked: parallel guesses must not pass together. */
  const open = new Map<string, number>()
  const release = (key: string): void => {
    const left = (open.get(key) ?? 1) - 1
    if (left > 0) open.set(key, left)
    else open.delete(key)
  }
  return {
    reserve: async (address) => {
      const key = clientKey(address)
      open.set(key, (open.get(key) ?? 0) + 1)
      const most = perMinute()
      const wrong = (await limiter.get(key))?.consumedPoints ?? 0
      if (most === 0 || wrong + (open.get(key) ?? 0) <= most) return true
      release(key)
      return false
    },
    settle: async (address, isWrong) => {
      const key = clientKey(address)
      if (isWrong) await limiter.penalty(key, 1)
      release(key)
    },
  }
}
