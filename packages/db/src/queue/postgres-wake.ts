import { channelOf, type Db } from '../client/db.ts'
import type { Wake } from './wake.ts'

/** Jobs that were added are told of together, this many milliseconds after the first. */
const GATHER_MS = 50
/** graphile-worker wakes up this many of each node's workers, which look on until nothing is left. */
const NOTIFY = `select pg_notify('jobs:insert', '{"count":' || $1::int || '}')`

/**
 * Tells the workers of all nodes of added jobs, after the commit: NOTIFY inside a transaction makes all commits wait for each other. What a
 * crash in between loses, is found when workers look by themselves, every two seconds.
 */
export function notifyWorkers(db: Db, wake: Wake): { stop(): Promise<void> } {
  let gathered = 0
  let timer: NodeJS.Timeout | null = null
  const flush = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const count = gathered
    gathered = 0
    if (count === 0) return
    await channelOf(db)
      .all(NOTIFY, [count])
      .catch(() => undefined)
  }
  const unsubscribe = wake.subscribe(() => {
    gathered += 1
    timer ??= setTimeout(() => void flush(), GATHER_MS)
  })
  return {
    stop: async () => {
      unsubscribe()
      await flush()
    },
  }
}
