import { afterEach, expect, vi } from 'vitest'
import { z } from 'zod'
import { type Database, openDatabase } from '../client/open.ts'
import {
  defineJob,
  enqueue,
  handle,
  type Handler,
  type JobRow,
  type JobRun,
  listJobs,
  type RunningJobs,
  type WorkOptions,
} from '../queue/index.ts'
import type { TestDatabase } from './databases.ts'

/** Waits until something holds. */
export const until = <T>(value: () => T | Promise<T>) => expect.poll(value, { timeout: 30_000, interval: 20 })

/** What a handler that only notes something returns. */
export const done = (noted: number): Promise<void> =>
  noted > 0 ? Promise.resolve() : Promise.reject(new Error('nothing noted'))

/** Helpers for tests of jobs: kinds that no other test knows, and what runs them until the test ends. */
export const queueing = (get: () => TestDatabase) => {
  let count = 0
  const closing: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  /** A kind of job of its own, so that no other test's work takes it. */
  const kind = (about: { serial?: boolean; maxAttempts?: number } = {}) =>
    defineJob({ name: `test-${(count += 1)}`, payload: z.strictObject({ n: z.number() }), ...about })
  const add = (job: ReturnType<typeof kind>, n: number, options: Parameters<typeof enqueue>[3] = {}) =>
    get().db.transaction((tx) => enqueue(tx, job, { n }, options))
  const rows = (job: ReturnType<typeof kind>): Promise<JobRow[]> =>
    listJobs(get().db, { name: job.name, limit: 10_000 })
  const onlyRow = async (job: ReturnType<typeof kind>): Promise<JobRow> => {
    const all = await rows(job)
    const [row] = all
    if (row === undefined || all.length > 1) throw new Error(`there are ${all.length} jobs`)
    return row
  }
  const start = async (
    handlers: readonly Handler[],
    {
      database = get(),
      concurrency = 4,
      ...rest
    }: Partial<Omit<WorkOptions, 'lanes'>> & { database?: Database; concurrency?: number } = {},
  ): Promise<RunningJobs & { log: Record<'info' | 'warn' | 'error' | 'debug', ReturnType<typeof vi.fn>> }> => {
    const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    const work = await database.work({ lanes: [{ name: 'test', concurrency, handlers }], log, ...rest })
    let over: Promise<void> | null = null
    const stop = (withinMs: number): Promise<void> => (over ??= work.stop(withinMs))
    closing.push(() => stop(0))
    return { ...work, stop, log }
  }
  const another = async (): Promise<Database> => {
    const database = await openDatabase(get().options)
    closing.push(() => database.close())
    return database
  }
  /** A handler whose runs wait to be let go. */
  const held = (job: ReturnType<typeof kind>) => {
    const runs: (PromiseWithResolvers<void> & { n: number; run: JobRun })[] = []
    const handler = handle(job, ({ n }, run) => {
      const ending: PromiseWithResolvers<void> = Promise.withResolvers()
      runs.push({ ...ending, n, run })
      return ending.promise
    })
    return { runs, handler }
  }

  return { kind, add, rows, onlyRow, start, another, held, closing }
}
