import type { LoginFailure } from '@mairust/db/queries/login-failure'
import { clientKey } from '@mairust/mail-core/inbound'

const MINUTE = 60_000

/** Wrong passwords within this time count together, and a lock lasts as long. */
export const LOCK_MS = 15 * MINUTE

/** Failures older than this cannot hold a lock any more: they fill a window that ended before the lock began. */
export const LOOK_BACK_MS = 2 * LOCK_MS

const PER_ADDRESS = 5
const PER_ACCOUNT = 20

/**
 * Until when an account is locked for an address, or null: 15 minutes from the wrong password that was the fifth from
 * that address (of IPv6, its /64), or the twentieth from all, within 15 minutes.
 * @param failures the account's, oldest first, of the last `LOOK_BACK_MS`
 */
export const lockedUntil = (failures: readonly LoginFailure[], address: string, now: Date): Date | null => {
  const times = failures.map(({ at }) => at.getTime())
  const client = clientKey(address)
  const fromHere = failures.filter((failure) => clientKey(failure.address) === client).map(({ at }) => at.getTime())
  const until = Math.max(lockEnd(times, PER_ACCOUNT), lockEnd(fromHere, PER_ADDRESS))
  return until > now.getTime() ? new Date(until) : null
}

/** A lock of an account: for one client as of `clientKey`, or (null) for all. */
export interface Lock {
  address: string | null
  until: Date
}

/**
 * The locks of an account that hold now.
 * @param failures as for `lockedUntil`
 */
export const currentLocks = (failures: readonly LoginFailure[], now: Date): Lock[] => {
  const everywhere = lockEnd(
    failures.map(({ at }) => at.getTime()),
    PER_ACCOUNT,
  )
  const addresses = [...new Set(failures.map(({ address }) => clientKey(address)))]
  const locks = addresses.map((address) => ({
    address,
    until: lockedUntil(failures, address, now),
  }))
  return [
    ...(everywhere > now.getTime() ? [{ address: null, until: new Date(everywhere) }] : []),
    ...locks.flatMap(({ address, until }) =>
      until === null || until.getTime() === everywhere ? [] : [{ address, until }],
    ),
  ]
}

const lockEnd = (times: readonly number[], threshold: number): number =>
  times.reduce((end, time, index) => {
    const first = times[index - threshold + 1]
    return first !== undefined && time - first <= LOCK_MS ? time + LOCK_MS : end
  }, 0)
