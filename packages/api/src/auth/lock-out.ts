import type { LoginFailure } from '@mairust/db/queries/login-failure'
import { clientKey } from '@mairust/mail-core/inbound'

const MINUTE = 60_000

/** Wrong passwords within this time count together; a lock lasts as long. */
export const LOCK_MS = 15 * MINUTE

/** Older failures cannot matter any more: a lock that they caused has ended. */
export const LOOK_BACK_MS = 2 * LOCK_MS

const PER_ADDRESS = 5
const PER_ACCOUNT = 20

/**
 * Until when an account is locked for a client, or null. Five wrong passwords from a client (an IPv4 address or an IPv6 /64),
 * or twenty from all, within 15 minutes lock it for 15 minutes from the last one.
 * @param failures those of the account in the last `LOOK_BACK_MS`, oldest first
 */
export const lockedUntil = (failures: readonly LoginFailure[], address: string, now: Date): Date | null => {
  const times = failures.map(({ at }) => at.getTime())
  const client = clientKey(address)
  const fromHere = failures.filter((failure) => clientKey(failure.address) === client).map(({ at }) => at.getTime())
  const until = Math.max(lockEnd(times, PER_ACCOUNT), lockEnd(fromHere, PER_ADDRESS))
  return until > now.getTime() ? new Date(until) : null
}

/** A lock of an account: for one client, named by `clientKey`, or for all (null). */
export interface Lock {
  address: string | null
  until: Date
}

/**
 * The current locks of an account.
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
