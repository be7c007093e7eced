import { SPACE_RESERVE } from '@mairust/db'
import type { Log } from '@mairust/log'

const KNOWN_MS = 1000

/** Free space for mail. */
export interface DiskSpace {
  /** Bytes, at most a second old; null when unknown. */
  free(): Promise<number | null>
  /** Bytes now; null when unknown. */
  ask(): Promise<number | null>
  /** @throws when the disk is full and all mail gets 452 */
  check(): Promise<void>
}

/** Watches the disk: logs once when space runs out and once when there is room again. */
export function watchDiskSpace({
  freeBytes,
  now,
  log,
}: {
  freeBytes: () => Promise<number>
  now: () => number
  log: Log
}): DiskSpace {
  let known: { at: number; free: Promise<number | null> } | null = null
  let isLow = false

  async function ask(): Promise<number | null> {
    const free = await freeBytes().catch(() => null)
    const nowLow = free !== null && free <= SPACE_RESERVE
    if (nowLow && !isLow) {
      log.error(
        { free_bytes: free, reserve_bytes: SPACE_RESERVE },
        'The disk is full: all mail gets 452 until there is room',
      )
    }
    if (!nowLow && isLow) log.info({ free_bytes: free }, 'The disk has room again: mail is accepted')
    isLow = nowLow
    return free
  }

  async function free(): Promise<number | null> {
    if (known === null || now() - known.at >= KNOWN_MS) known = { at: now(), free: ask() }
    return known.free
  }

  return {
    free,
    ask,
    check: async () => {
      await free()
      if (isLow) throw new Error('the disk is full')
    },
  }
}
