import { setTimeout as delay } from 'node:timers/promises'
import { codeOf, DatabaseBusyError } from './errors.ts'

/** Milliseconds to wait for another process's write lock. */
export const BUSY_LIMIT_MS = 5000

/** Whether SQLite reports that another connection holds a lock. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error)
  return code !== null && (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
}

/**
 * Runs `attempt` until SQLite is not busy, with pauses of 2 to 25 ms; SQLite's own busy timeout would block the event loop. Throws
 * DatabaseBusyError after `limitMs`.
 */
export async function retryBusy<T>(attempt: () => T, limitMs: number = BUSY_LIMIT_MS): Promise<T> {
  const end = performance.now() + limitMs
  for (let pause = 2; ; pause = Math.min(pause * 2, 25)) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error)) throw error
      if (performance.now() >= end) {
        throw new DatabaseBusyError(`the database was locked by another process for ${limitMs} ms`, { cause: error })
      }
    }
    await delay(pause * (0.5 + Math.random() / 2))
  }
}
