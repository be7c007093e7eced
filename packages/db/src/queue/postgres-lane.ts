import type { WorkerPool } from 'graphile-worker'
import type { JobLog } from './worker.ts'

/** Pause before a worker pool that has ended is replaced, milliseconds. */
const PAUSE_MS = 1000

/** The worker pool of a lane, and its successors. */
export interface LaneLoop {
  /** The ids of the pools that may hold jobs. */
  ids(): readonly string[]
  /** Throws while there is no pool. */
  check(): void
  /** Takes no more jobs; resolves when those that run are over. */
  stop(): Promise<void>
}

/** Starts a worker pool, and another one whenever it ends: it does when a result could not be stored. */
export function keepLane(name: string, log: JobLog, start: () => WorkerPool): LaneLoop {
  let pool: WorkerPool | null = null
  let ids: string[] = []
  let timer: NodeJS.Timeout | undefined
  let isStopped = false

  const next = (): void => {
    const own = start()
    pool = own
    // Its predecessors hold nothing but jobs whose results were lost: those are not renewed, and so run again.
    ids = [own.id]
    const over = (error?: unknown): void => {
      pool = null
      if (isStopped) return
      log.error({ err: error, lane: name }, 'The job queue stopped; it will be restarted')
      timer = setTimeout(next, PAUSE_MS)
    }
    own.promise.then(() => over(), over)
  }
  next()
  return {
    ids: () => ids,
    check: () => {
      if (pool === null) throw new Error(`no jobs of ${name} are taken`)
    },
    stop: async () => {
      isStopped = true
      clearTimeout(timer)
      await pool?.gracefulShutdown('the process stops')
    },
  }
}
