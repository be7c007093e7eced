import { randomUUID } from 'node:crypto'
import type { Db } from '../client/db.ts'
import { startBeats } from './beats.ts'
import { backoff, createPerform } from './perform.ts'
import { startLane } from './sqlite-lane.ts'
import { finishJob, nextDue, putBack, releaseStale, renewJobs, takeJobs, type Taken } from './sqlite.ts'
import type { Wake } from './wake.ts'
import { BEAT_MS, type RunningJobs, STALE_MS, type WorkOptions } from './worker.ts'

/** Pause after trouble with the database, milliseconds. */
const TROUBLE_MS = 1000

/**
 * Runs jobs of a SQLite file. Nothing is polled: `wake` tells when some may have been added, a timer when the next is due. Several
 * processes may do this on one file; each job is run by one.
 */
export function startSqliteJobs(db: Db, wake: Wake, options: WorkOptions): RunningJobs {
  const { lanes, log, beatMs = BEAT_MS, staleMs = STALE_MS } = options
  const by = randomUUID()
  const perform = createPerform(options)
  const running = new Map<string, { readonly end: AbortController; readonly over: Promise<void> }>()
  const stopping = new AbortController()
  /** Set when the time to stop is over: results are of no use any more. */
  let isOver = false

  /** Writes a result until the database takes it: otherwise the work would be done twice. */
  const insist = async (write: () => Promise<void>): Promise<void> => {
    for (let tries = 0; !isOver; tries += 1) {
      try {
        await write()
        return
      } catch (error) {
        if (tries === 0) log.error({ err: error }, 'The result of a job could not be stored; trying again')
        await new Promise((resolve) => void setTimeout(resolve, TROUBLE_MS))
      }
    }
  }

  const run = async (job: Taken, end: AbortController): Promise<void> => {
    const { result, error } = await perform(job, end.signal)
    await insist(async () => {
      if (result === 'done') return finishJob(db, job.id, by)
      const now = Date.now()
      const uncounted = result === 'returned'
      const runAt = result === 'given_up' ? null : now + (uncounted ? 0 : backoff(job.attempt))
      await db.transaction((tx) =>
        putBack(tx, { id: job.id, by, error: uncounted ? null : error, runAt, uncounted, now }),
      )
    })
  }

  const started = lanes.map(({ concurrency, handlers }) => {
    const kinds = handlers.map(({ job: { name, serial } }) => ({ name, serial }))
    const names = kinds.map(({ name }) => name)
    return startLane({
      concurrency,
      log,
      nextDue: () => nextDue(db, names),
      take: (most) => takeJobs(db, kinds, { by, now: Date.now(), most }),
      run: (job) => {
        const end = new AbortController()
        if (stopping.signal.aborted) end.abort(stopping.signal.reason)
        const over = run(job, end).finally(() => running.delete(job.id))
        running.set(job.id, { end, over })
        return over
      },
    })
  })
  const unsubscribe = wake.subscribe(() => {
    for (const lane of started) lane.look()
  })

  const beats = startBeats(beatMs, log, async () => {
    if (running.size > 0) {
      const before = [...running.keys()]
      const mine = new Set(await renewJobs(db, by, Date.now()))
      for (const id of before)
        if (!mine.has(id)) running.get(id)?.end.abort(new Error('another process took the job over'))
    }
    const now = Date.now()
    const released = await releaseStale(db, { staleAt: now - staleMs, now })
    if (released.length === 0) return
    log.warn({ jobs: released.length }, 'Jobs of a process that has ended will run again')
    wake.tell()
  })

  return {
    check: () => {
      for (const lane of started) lane.check()
    },
    stop: async (withinMs) => {
      unsubscribe()
      stopping.abort(new Error('the process stops'))
      const taking = started.map((lane) => lane.stop())
      const late: PromiseWithResolvers<void> = Promise.withResolvers()
      const timer = setTimeout(late.resolve, withinMs)
      for (const { end } of running.values()) end.abort(stopping.signal.reason)
      const all = async (): Promise<void> => {
        await Promise.all(taking)
        await Promise.all([...running.values()].map(({ over }) => over))
      }
      await Promise.race([all(), late.promise])
      clearTimeout(timer)
      isOver = true
      await beats.stop()
      const now = Date.now()
      const left = [...running.keys()]
      if (left.length === 0) return
      log.warn({ jobs: left.length }, 'Jobs did not stop in time; they will run again')
      await db.transaction(async (tx) => {
        for (const id of left) await putBack(tx, { id, by, error: null, runAt: now, uncounted: true, now })
      })
    },
  }
}
