import type { JobLog } from './worker.ts'
import type { Taken } from './sqlite.ts'

/** The longest time between two looks, milliseconds: clocks may be set. */
const LONGEST_MS = 60_000
/** Pause after trouble, and while what is due may not run yet, milliseconds. */
const PAUSE_MS = 1000

interface LaneOptions {
  readonly concurrency: number
  readonly log: JobLog
  /** When the next job is due, null for never; must be cheap. */
  readonly nextDue: () => Promise<number | null>
  readonly take: (most: number) => Promise<Taken[]>
  /** Resolves when the run is over and its result is stored. */
  readonly run: (job: Taken) => Promise<void>
}

/** Takes jobs while there are free places: after `look`, when a run is over, and when the next one is due. */
export function startLane({ concurrency, log, nextDue, take, run }: LaneOptions): {
  /** Some job may have been added. */
  look(): void
  /** Throws when the last look failed. */
  check(): void
  /** Takes no more; resolves once those taken are running. */
  stop(): Promise<void>
} {
  let busy = 0
  let again = false
  let looking: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let trouble: Error | null = null

  /** Starts what is due. Returns the milliseconds until the next look, null for none without a reason. */
  const round = async (): Promise<number | null> => {
    for (;;) {
      const free = concurrency - busy
      // A run that ends looks again.
      if (isStopped || free <= 0) return null
      const due = await nextDue()
      if (due === null) return null
      const left = due - Date.now()
      if (left > 0) return Math.min(left, LONGEST_MS)
      const jobs = await take(free)
      // Another process has a job after which this one comes.
      if (jobs.length === 0) return PAUSE_MS
      for (const job of jobs) {
        busy += 1
        void run(job).finally(() => {
          busy -= 1
          look()
        })
      }
    }
  }

  const rounds = async (): Promise<void> => {
    let next: number | null
    try {
      next = await round()
      trouble = null
    } catch (error) {
      if (trouble === null) log.error({ err: error }, 'Jobs could not be read; trying again')
      trouble = error instanceof Error ? error : new Error(String(error))
      next = PAUSE_MS
    }
    looking = null
    if (again && trouble === null) look()
    else if (next !== null) timer = setTimeout(look, next)
  }

  function look(): void {
    again = looking !== null
    if (again || isStopped) return
    clearTimeout(timer)
    looking = rounds()
  }
  look()
  return {
    look,
    check: () => {
      if (trouble !== null) throw trouble
    },
    stop: async () => {
      isStopped = true
      await looking
      clearTimeout(timer)
    },
  }
}
