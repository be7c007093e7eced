import type { Db } from '../client/db.ts'
import { findSetting, putSetting } from '../queries/setting.ts'
import { tenantScope } from '../queries/scope.ts'
import { lockTenant } from '../queries/tenant.ts'
import { SYSTEM_TENANT } from '../schema/tenant.ts'
import type { Job } from './job.ts'
import { enqueue } from './queue.ts'
import type { JobLog } from './worker.ts'

/** A job that is added regularly, once for all nodes. */
export interface Timer {
  /** Stored; two timers never have the same. */
  readonly name: string
  /** Milliseconds; the days since 1970 are divided into such periods, the same ones on every node. */
  readonly everyMs: number
  /** Milliseconds after the start, which has more urgent work. */
  readonly firstMs: number
  /** Adds the job. */
  readonly add: (tx: Db, key: string) => Promise<void>
  /** Whether there is anything to do; missing: always. */
  readonly isNeeded: () => Promise<boolean>
}

const SCOPE = tenantScope(SYSTEM_TENANT)
/** Pause after trouble with the database, milliseconds. */
const AGAIN_MS = 10_000

/** Makes a timer that adds a job with a payload. One of the timer that still waits stands for the next one. */
export function every<P>(
  about: Pick<Timer, 'name' | 'everyMs' | 'firstMs'> & Partial<Pick<Timer, 'isNeeded'>>,
  job: Job<P>,
  payload: P,
): Timer {
  return {
    isNeeded: () => Promise.resolve(true),
    ...about,
    add: (tx, key) => enqueue(tx, job, payload, { key }),
  }
}

/** Adds the timer's job for a period unless some node has. Whether it did. */
export async function addOnce(db: Db, { name, add }: Timer, period: number, now: Date): Promise<boolean> {
  const key = `timer:${name}`
  const isDone = async (on: Db): Promise<boolean> => {
    const last = await findSetting(on, SCOPE, key)
    return typeof last === 'number' && last >= period
  }
  // Most nodes come too late, and need not lock anything.
  if (await isDone(db)) return false
  return db.transaction(async (tx) => {
    await lockTenant(tx, SCOPE)
    if (await isDone(tx)) return false
    await putSetting(tx, SCOPE, { key, value: period, updatedAt: now })
    await add(tx, key)
    return true
  })
}

/** Starts timers. Each period of a timer has one run, on whichever node; none after a time without any node. */
export function startTimers(
  db: Db,
  timers: readonly Timer[],
  { log, now = Date.now }: { log: Pick<JobLog, 'error'>; now?: () => number },
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const pending = new Map<Timer, NodeJS.Timeout>()
  const running = new Set<Promise<void>>()

  const tick = async (timer: Timer): Promise<void> => {
    const at = now()
    const period = Math.floor(at / timer.everyMs)
    let next = (period + 1) * timer.everyMs - at
    try {
      if (await timer.isNeeded()) await addOnce(db, timer, period, new Date(at))
    } catch (error) {
      if (!stopping.signal.aborted)
        log.error({ err: error, timer: timer.name }, 'A regular job could not be added; trying again')
      next = Math.min(next, AGAIN_MS)
    }
    plan(timer, next)
  }
  const plan = (timer: Timer, ms: number): void => {
    if (stopping.signal.aborted) return
    const due = (): void => {
      const run = tick(timer).finally(() => running.delete(run))
      running.add(run)
    }
    pending.set(timer, setTimeout(due, ms).unref())
  }
  for (const timer of timers) plan(timer, timer.firstMs)
  return {
    stop: async () => {
      stopping.abort()
      for (const timer of pending.values()) clearTimeout(timer)
      await Promise.all(running)
    },
  }
}
