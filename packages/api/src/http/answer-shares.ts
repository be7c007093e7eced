import { AppError } from '../errors.ts'
import type { Caller } from './caller.ts'

export interface ShareLimits {
  /** Bytes of a caller's answers; a single one may have more. */
  bytesPerCaller: number
  /** Bytes of all callers of a tenant, and of all. No caller counts for more than his own limit. */
  bytesPerTenant: number
  bytes: number
  /** As much, an ordinary message, a user with nothing on the way gets up to half above these limits: what others do not read stops few. */
  bytesForEachUser: number
}

/** What answers on their way hold, by caller and tenant. */
export interface AnswerShares {
  /**
   * The error when a caller's own answers, those of his tenant, or all, leave no room for more; null if they do. Who has some on their
   * way leaves half of the room of the tenant and of all to those who have none.
   */
  refusal: (caller: Caller, bytes: number) => AppError | null
  /** Counts bytes until the returned function is called, once. */
  hold: (caller: Caller, bytes: number) => () => void
}

/** Makes the shares, with nothing held. */
export const createAnswerShares = (limits: ShareLimits): AnswerShares => {
  const callers = new Map<string, number>()
  const tenants = new Map<string | null, number>()
  let total = 0

  const counted = (bytes: number): number => Math.min(bytes, limits.bytesPerCaller)

  const add = ({ user, tenant }: Caller, bytes: number): void => {
    const before = callers.get(user) ?? 0
    const grown = counted(before + bytes) - counted(before)
    put(callers, user, before + bytes)
    put(tenants, tenant, (tenants.get(tenant) ?? 0) + grown)
    total += grown
  }

  return {
    refusal: (caller, bytes) => {
      const mine = callers.get(caller.user) ?? 0
      if (mine > 0 && mine + bytes > limits.bytesPerCaller)
        return busy('Your earlier requests are still being answered. Read those answers, then try again.')
      const more = counted(mine + bytes) - mine
      const isOrdinary = mine === 0 && caller.tenant !== null && bytes <= limits.bytesForEachUser
      const part = mine > 0 ? 0.5 : isOrdinary ? 1.5 : 1
      const ofTenant = (tenants.get(caller.tenant) ?? 0) + more
      const fits = ofTenant <= limits.bytesPerTenant * part && total + more <= limits.bytes * part
      return fits ? null : busy('Too many requests are being answered. Try again.')
    },
    hold: (caller, bytes) => {
      add(caller, bytes)
      return () => add(caller, -bytes)
    },
  }
}

const busy = (message: string): AppError => new AppError('UNAVAILABLE', message, { retryAfter: 5 })

const put = <Name>(map: Map<Name, number>, name: Name, bytes: number): void => {
  if (bytes > 0) map.set(name, bytes)
  else map.delete(name)
}
