import type { TaskList, WorkerPool } from 'graphile-worker'
import pg from 'pg'
import type { Db } from '../client/db.ts'
import { connectionSettings } from '../client/postgres-pool.ts'
import { startBeats } from './beats.ts'
import { keepLane, type LaneLoop } from './postgres-lane.ts'
import { giveUp, putBackAll, releaseStale, removeSuperseded, renewJobs, SCHEMA, uncount } from './postgres.ts'
import { createPerform, type Performance } from './perform.ts'
import type { Wake } from './wake.ts'
import { BEAT_MS, type RunningJobs, STALE_MS, type WorkOptions } from './worker.ts'

/** Connections besides those that listen; each is needed for a moment, to take a job and to store a result. */
const CONNECTIONS = 3

/** The driver makes numbers of such ids, whatever graphile-worker's types say. */
const idText = (id: unknown): string => String(id)

/** Runs jobs of a PostgreSQL with graphile-worker, on connections of its own. Several nodes may do this; each job is run by one. */
export async function startPostgresJobs(url: string, db: Db, wake: Wake, options: WorkOptions): Promise<RunningJobs> {
  const { lanes, log, beatMs = BEAT_MS, staleMs = STALE_MS } = options
  // Not before it is needed: of the processes that add jobs few run them, and it takes a while to load.
  const { Logger, runTaskList } = await import('graphile-worker')
  const connections = new pg.Pool({ ...connectionSettings(url), max: lanes.length + CONNECTIONS })
  connections.on('error', () => undefined)
  connections.on('connect', (client) => client.on('error', () => undefined))
  const perform = createPerform(options)
  const running = new Map<string, AbortController>()
  const stopping = new AbortController()

  const run = async (job: Performance): Promise<void> => {
    const end = new AbortController()
    if (stopping.signal.aborted) end.abort(stopping.signal.reason)
    running.set(job.id, end)
    try {
      const { result, error } = await perform(job, end.signal)
      if (result === 'done') return
      // Should one fail, the run counts, or the job is tried again: no harm.
      if (result === 'returned') await uncount(db, job.id).catch(() => undefined)
      if (result === 'given_up') await giveUp(db, job.id).catch(() => undefined)
      throw new Error(error ?? 'failed')
    } finally {
      running.delete(job.id)
    }
  }

  // What it says of jobs we say ourselves.
  const logger = new Logger(() => (level, message, meta) => {
    if (meta['failure'] === true) return
    if (level === 'error' || level === 'warning') log.warn({ reason: message }, 'The job queue reports trouble')
    else log.debug({ reason: message }, 'The job queue reports')
  })
  const startPool = (concurrency: number, names: readonly string[]): WorkerPool => {
    const tasks: TaskList = Object.fromEntries(
      names.map((name) => [
        name,
        (payload, { job: { id, attempts, max_attempts: maxAttempts } }) =>
          run({ id: idText(id), name, payload, attempt: attempts, maxAttempts }),
      ]),
    )
    return runTaskList(
      {
        pgPool: connections,
        schema: SCHEMA,
        concurrency,
        noHandleSignals: true,
        logger,
        // Otherwise nothing would handle the error of a result that cannot be stored, and the process would end.
        preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      },
      tasks,
      connections,
    )
  }
  const loops: LaneLoop[] = lanes.map(({ name, concurrency, handlers }) =>
    keepLane(name, log, () =>
      startPool(
        concurrency,
        handlers.map(({ job }) => job.name),
      ),
    ),
  )
  const pools = (): string[] => loops.flatMap((loop) => loop.ids())

  const beats = startBeats(beatMs, log, async () => {
    if (running.size > 0) {
      const before = [...running.entries()]
      const mine = new Set(await renewJobs(db, pools()))
      for (const [id, end] of before) if (!mine.has(id)) end.abort(new Error('another process took the job over'))
    }
    const released = await releaseStale(db, staleMs)
    await removeSuperseded(db)
    if (released === 0) return
    log.warn({ jobs: released }, 'Jobs of a process that has ended will run again')
    wake.tell()
  })

  return {
    check: () => {
      for (const loop of loops) loop.check()
    },
    stop: async (withinMs) => {
      stopping.abort(new Error('the process stops'))
      const late = Promise.withResolvers<'late'>()
      const timer = setTimeout(() => late.resolve('late'), withinMs)
      const all = Promise.all(loops.map((loop) => loop.stop())).then(() => 'ended' as const)
      for (const end of running.values()) end.abort(stopping.signal.reason)
      const how = await Promise.race([all, late.promise])
      clearTimeout(timer)
      await beats.stop()
      if (how === 'late') {
        log.warn({ jobs: running.size }, 'Jobs did not stop in time; they will run again')
        await putBackAll(db, pools())
      }
      await connections.end()
    },
  }
}
