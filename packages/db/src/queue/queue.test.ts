import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { channelOf, type Db } from '../client/db.ts'
import { openDatabase, type Database } from '../client/open.ts'
import { withDatabases } from '../testing/index.ts'
import {
  cancelJob,
  cancelJobByKey,
  countJobs,
  defineJob,
  enqueue,
  enqueueAll,
  findJob,
  handle,
  type Handler,
  type JobRow,
  type JobRun,
  listJobs,
  pruneFailedJobs,
  retryJob,
  type RunningJobs,
  type WorkOptions,
} from './index.ts'

const HOUR = 3_600_000
/** What a handler that only notes something returns. */
const done = (noted: number): Promise<void> =>
  noted > 0 ? Promise.resolve() : Promise.reject(new Error('nothing noted'))
const until = <T>(value: () => T | Promise<T>) => expect.poll(value, { timeout: 30_000, interval: 20 })

withDatabases((get) => {
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

  it('runs jobs in the order in which they are due, and those of one call in theirs', async () => {
    const job = kind()
    await add(job, 3)
    await get().db.transaction((tx) =>
      enqueueAll(
        tx,
        job,
        [4, 5, 6, 7].map((n) => ({ payload: { n } })),
      ),
    )
    await add(job, 1, { runAt: new Date(Date.now() - 2 * HOUR) })
    await add(job, 2, { runAt: new Date(Date.now() - HOUR) })
    const ran: number[] = []
    await start([handle(job, ({ n }) => done(ran.push(n)))], { concurrency: 1 })
    await until(() => ran).toEqual([1, 2, 3, 4, 5, 6, 7])
    await until(() => rows(job)).toEqual([])
  })

  it('adds any number of jobs in one statement, which checks their payloads first', async () => {
    const job = kind()
    const items = Array.from({ length: 5000 }, (_, n) => ({
      payload: { n },
      key: n % 2 === 0 ? `${job.name}-${n}` : undefined,
    }))
    await get().db.transaction(async (tx) => {
      const statements = vi.spyOn(channelOf(tx), 'all')
      await enqueueAll(tx, job, items)
      expect(statements).toHaveBeenCalledOnce()
    })
    expect(await countJobs(get().db)).toContainEqual({ name: job.name, state: 'waiting', count: 5000 })
    const wrong = { n: 'one' } as unknown as { n: number }
    await expect(get().db.transaction((tx) => enqueue(tx, job, wrong))).rejects.toThrow(z.ZodError)
  })

  it('runs a job at its time, without being told', async () => {
    const job = kind()
    const ran: number[] = []
    const at = Date.now() + 500
    await add(job, 1, { runAt: new Date(at) })
    await add(job, 2, { runAt: new Date(Date.now() + HOUR) })
    const times: number[] = []
    await start([
      handle(job, ({ n }) => {
        times.push(Date.now())
        return done(ran.push(n))
      }),
    ])
    await until(() => ran).toEqual([1])
    expect(times[0]).toBeGreaterThanOrEqual(at)
    await until(async () => (await rows(job)).length).toBe(1)
    const waiting = await onlyRow(job)
    expect(waiting).toMatchObject({ state: 'waiting', payload: { n: 2 }, attempts: 0 })
    expect(await get().db.transaction((tx) => retryJob(tx, waiting.id))).toBe(true)
    await until(() => ran).toEqual([1, 2])
  })

  it('one job of a key waits: the last payload, the earliest time', async () => {
    const job = kind()
    const key = job.name
    const [soon, later] = [new Date(Date.now() + HOUR), new Date(Date.now() + 2 * HOUR)]
    await add(job, 1, { key, runAt: soon })
    await add(job, 2, { key, runAt: later })
    expect(await onlyRow(job)).toMatchObject({ key, payload: { n: 2 }, runAt: soon })
    await get().db.transaction((tx) =>
      enqueueAll(tx, job, [
        { payload: { n: 3 }, key, runAt: later },
        { payload: { n: 4 }, key, runAt: new Date(soon.getTime() - 1000) },
        { payload: { n: 5 }, key: `${key}-other`, runAt: later },
        { payload: { n: 6 }, runAt: later },
        { payload: { n: 7 }, runAt: later },
      ]),
    )
    const all = await rows(job)
    expect(all.map(({ payload }) => JSON.stringify(payload)).sort()).toEqual([
      '{"n":4}',
      '{"n":5}',
      '{"n":6}',
      '{"n":7}',
    ])
    expect(all[0]).toMatchObject({ key, runAt: new Date(soon.getTime() - 1000) })
    const ran: number[] = []
    await add(job, 8, { key })
    await start([handle(job, ({ n }) => done(ran.push(n)))])
    await until(() => ran).toEqual([8])
  })

  it('a key asked for at the same time by many keeps the earliest time', async () => {
    const job = kind()
    const key = job.name
    const first = Date.now() + HOUR
    const nodes = [get(), await another()]
    await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        (nodes[at % 2] ?? get()).db.transaction((tx) =>
          enqueue(tx, job, { n: at }, { key, runAt: new Date(first + ((at * 7) % 40) * 1000) }),
        ),
      ),
    )
    expect(await onlyRow(job)).toMatchObject({ runAt: new Date(first) })
  })

  it('a job that runs does not stand for a new one of its key, and the new one stands for it when it fails', async () => {
    const job = kind()
    const key = job.name
    const { runs, handler } = held(job)
    await add(job, 1, { key })
    const { log } = await start([handler], { concurrency: 1 })
    await until(() => runs.length).toBe(1)
    await add(job, 2, { key })
    await add(job, 3, { key })
    expect((await rows(job)).filter(({ state }) => state === 'waiting')).toMatchObject([{ payload: { n: 3 }, key }])
    runs[0]?.reject(new Error('no'))
    await until(() => runs.map(({ n }) => n)).toEqual([1, 3])
    expect(log.warn).toHaveBeenCalledWith(
      expect.objectContaining({ job: job.name }),
      'A job failed; it will be tried again',
    )
    runs[1]?.resolve()
    await until(() => rows(job)).toEqual([])
    expect(runs).toHaveLength(2)
  })

  it('tries a failed job again after a pause that grows', async () => {
    const job = kind()
    const ran: number[] = []
    const results: string[] = []
    await add(job, 1)
    const { log } = await start(
      [
        handle(job, (_, { attempt }) =>
          ran.push(attempt) < 3 ? Promise.reject(new Error(`not yet: ${attempt}\0`)) : Promise.resolve(),
        ),
      ],
      { onResult: (_name, result) => results.push(result) },
    )
    const before = Date.now()
    await until(async () => (await onlyRow(job)).attempts).toBe(1)
    await until(async () => (await onlyRow(job)).state).toBe('waiting')
    const failed = await onlyRow(job)
    expect(failed).toMatchObject({ lastError: 'not yet: 1\uFFFD' })
    expect(failed.runAt.getTime()).toBeGreaterThan(before + 2000)
    // It is tried by itself.
    await until(() => ran).toEqual([1, 2])
    await until(async () => (await onlyRow(job)).state).toBe('waiting')
    const again = await onlyRow(job)
    expect(again.runAt.getTime() - failed.runAt.getTime()).toBeGreaterThan(7000)
    await get().db.transaction((tx) => retryJob(tx, again.id))
    await until(() => rows(job)).toEqual([])
    expect(ran).toEqual([1, 2, 1])
    await until(() => results).toEqual(['failed', 'failed', 'done'])
    expect(log.warn).toHaveBeenCalledTimes(2)
  })

  it('gives up a job that always fails; it can be retried, cancelled and pruned', async () => {
    const job = kind({ maxAttempts: 1 })
    let fails = true
    const key = job.name
    await add(job, 1, { key })
    const { log } = await start([handle(job, () => (fails ? Promise.reject(new Error('broken')) : Promise.resolve()))])
    await until(async () => (await rows(job)).map(({ state }) => state)).toEqual(['failed'])
    expect(log.error).toHaveBeenCalledWith(
      expect.objectContaining({ job: job.name, attempt: 1 }),
      'A job failed and was given up',
    )
    expect(await countJobs(get().db)).toContainEqual({ name: job.name, state: 'failed', count: 1 })
    expect(await listJobs(get().db, { state: 'failed', name: job.name, limit: 5 })).toHaveLength(1)
    // It no longer stands for others of its key.
    await add(job, 2, { key })
    await until(async () => (await rows(job)).map(({ state }) => state)).toEqual(['failed', 'failed'])
    const [first, second] = await rows(job)
    expect(await get().db.transaction((tx) => cancelJob(tx, first?.id ?? ''))).toBe(true)
    fails = false
    expect(await get().db.transaction((tx) => retryJob(tx, second?.id ?? ''))).toBe(true)
    await until(() => rows(job)).toEqual([])
    fails = true
    await add(job, 3)
    await until(async () => (await rows(job)).map(({ state }) => state)).toEqual(['failed'])
    expect(await pruneFailedJobs(get().db, new Date(Date.now() - 24 * HOUR))).toBe(0)
    expect(await pruneFailedJobs(get().db, new Date(Date.now() + 24 * HOUR))).toBeGreaterThan(0)
    expect(await rows(job)).toEqual([])
  })

  it('gives up at once what has a payload of another version, and says so', async () => {
    const job = kind()
    await add(job, 1)
    const changed = defineJob({ name: job.name, payload: z.strictObject({ domain: z.string() }) })
    const work = vi.fn<() => Promise<void>>()
    const { log } = await start([handle(changed, work)])
    await until(async () => (await onlyRow(job)).state).toBe('failed')
    expect((await onlyRow(job)).lastError).toContain('the payload does not fit: domain: ')
    expect(log.error).toHaveBeenCalledOnce()
    expect(work).not.toHaveBeenCalled()
  })

  it('never runs a job of a transaction that was rolled back', async () => {
    const job = kind()
    const ran: number[] = []
    await start([handle(job, ({ n }) => done(ran.push(n)))])
    const rolledBack = get().db.transaction(async (tx) => {
      await enqueue(tx, job, { n: 1 })
      throw new Error('no')
    })
    await expect(rolledBack).rejects.toThrow('no')
    await add(job, 2)
    await until(() => rows(job)).toEqual([])
    expect(ran).toEqual([2])
  })

  it('cancels what waits, by id or key, and not what runs', async () => {
    const job = kind()
    const { runs, handler } = held(job)
    const change = (fn: (tx: Db) => Promise<boolean>) => get().db.transaction(fn)
    await add(job, 1)
    await start([handler])
    await until(() => runs.length).toBe(1)
    const running = await onlyRow(job)
    expect(running.state).toBe('running')
    expect(await change((tx) => cancelJob(tx, running.id))).toBe(false)
    expect(await change((tx) => retryJob(tx, running.id))).toBe(false)
    await add(job, 2, { key: `${job.name}-2`, runAt: new Date(Date.now() + HOUR) })
    await add(job, 3, { key: `${job.name}-3`, runAt: new Date(Date.now() + HOUR) })
    expect(await change((tx) => cancelJobByKey(tx, `${job.name}-2`))).toBe(true)
    expect(await change((tx) => cancelJobByKey(tx, `${job.name}-2`))).toBe(false)
    const [third] = await listJobs(get().db, { name: job.name, state: 'waiting', limit: 5 })
    expect(await findJob(get().db, third?.id ?? '')).toEqual(third)
    expect(await change((tx) => cancelJob(tx, third?.id ?? ''))).toBe(true)
    for (const id of ['', 'nothing', "'", third?.id ?? '']) {
      expect(await findJob(get().db, id)).toBeNull()
      expect(await change((tx) => cancelJob(tx, id))).toBe(false)
    }
    runs[0]?.resolve()
    await until(() => rows(job)).toEqual([])
  })

  it('runs one serial job at a time in the whole installation', async () => {
    const job = kind({ serial: true })
    const { runs, handler } = held(job)
    await get().db.transaction((tx) =>
      enqueueAll(
        tx,
        job,
        [1, 2, 3].map((n) => ({ payload: { n } })),
      ),
    )
    await start([handler])
    await start([handler], { database: await another() })
    for (const n of [1, 2, 3]) {
      await until(() => runs.length).toBe(n)
      expect((await rows(job)).filter(({ state }) => state === 'running')).toHaveLength(1)
      runs[n - 1]?.resolve()
    }
    await until(() => rows(job)).toEqual([])
    expect(runs.map(({ n }) => n)).toEqual([1, 2, 3])
  })

  it('a full lane keeps no other one waiting', async () => {
    const [slow, quick] = [kind(), kind()]
    const { runs, handler } = held(slow)
    const ran: number[] = []
    const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    const lanes = [
      { name: 'slow', concurrency: 2, handlers: [handler] },
      { name: 'quick', concurrency: 1, handlers: [handle(quick, ({ n }) => done(ran.push(n)))] },
    ]
    await get().db.transaction((tx) =>
      enqueueAll(
        tx,
        slow,
        [1, 2, 3, 4].map((n) => ({ payload: { n } })),
      ),
    )
    const work = await get().work({ lanes, log })
    closing.push(() => work.stop(0))
    await until(() => runs.length).toBe(2)
    await add(quick, 1)
    await until(() => ran).toEqual([1])
    expect(runs).toHaveLength(2)
  })

  it('runs each job once with several processes, wherever it was added', async () => {
    const job = kind()
    const [one, two] = [await another(), await another()]
    const ran: [node: number, n: number][] = []
    for (const [node, database] of [one, two].entries()) {
      await start([handle(job, ({ n }) => done(ran.push([node, n])))], { database, concurrency: 3 })
    }
    await Promise.all(Array.from({ length: 60 }, (_, n) => add(job, n)))
    await until(() => ran.length).toBe(60)
    await until(() => rows(job)).toEqual([])
    expect(new Set(ran.map(([, n]) => n)).size).toBe(60)
  })

  it('a stop lets runs finish; those that end early run again, and the run does not count', async () => {
    const job = kind()
    const { runs, handler } = held(job)
    await add(job, 1)
    await add(job, 2)
    const work = await start([handler])
    await until(() => runs.length).toBe(2)
    await add(job, 3)
    await until(() => runs.length).toBe(3)
    const stopped = work.stop(60_000)
    await until(() => runs.every(({ run }) => run.signal.aborted)).toBe(true)
    await add(job, 4)
    runs.find(({ n }) => n === 1)?.resolve()
    runs.find(({ n }) => n === 2)?.reject(new Error('aborted'))
    runs.find(({ n }) => n === 3)?.resolve()
    await stopped
    expect(runs).toHaveLength(3)
    const left = await rows(job)
    expect(left.map(({ payload }) => payload)).toEqual(expect.arrayContaining([{ n: 2 }, { n: 4 }]))
    expect(left).toEqual(left.map((row) => ({ ...row, state: 'waiting', attempts: 0 })))
    expect(left).toHaveLength(2)
  })

  it('a stop waits no longer than it may; what still runs is run again', async () => {
    const job = kind()
    const { runs, handler } = held(job)
    await add(job, 1)
    const work = await start([handler])
    await until(() => runs.length).toBe(1)
    await work.stop(10)
    expect(await onlyRow(job)).toMatchObject({ state: 'waiting', attempts: 0 })
    await start([handler], { database: await another() })
    await until(() => runs.length).toBe(2)
    runs[0]?.resolve()
    runs[1]?.resolve()
    await until(() => rows(job)).toEqual([])
  })

  it('runs the jobs of a killed process again, and gives up those that have no attempt left', async () => {
    const job = kind()
    const deadly = { ...job, maxAttempts: 1 }
    await add(job, 1)
    await add(deadly, 2)
    const path = fileURLToPath(new URL('./hanging.fixture.ts', import.meta.url))
    const child = fork(path, [JSON.stringify(get().options), job.name], { execArgv: [] })
    let taken = 0
    child.on('message', () => (taken += 1))
    await until(() => taken).toBe(2)
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    expect((await rows(job)).map(({ state }) => state)).toEqual(['running', 'running'])
    const ran: [number, number][] = []
    const { log } = await start([handle(job, ({ n }, { attempt }) => done(ran.push([n, attempt])))], {
      database: await another(),
      beatMs: 50,
      staleMs: 500,
    })
    await until(() => ran).toEqual([[1, 2]])
    await until(() => rows(job)).toMatchObject([
      { state: 'failed', payload: { n: 2 }, lastError: 'the process that ran it has ended' },
    ])
    expect(log.warn).toHaveBeenCalledWith({ jobs: 2 }, 'Jobs of a process that has ended will run again')
  })

  it('nobody takes over a job whose process lives, however long it runs', async () => {
    const job = kind()
    const { runs, handler } = held(job)
    await add(job, 1)
    const beats = { beatMs: 50, staleMs: 2000 }
    await start([handler], beats)
    await until(() => runs.length).toBe(1)
    await start([handler], { ...beats, database: await another() })
    const began = Date.now()
    await until(() => Date.now() - began > 3 * beats.staleMs).toBe(true)
    expect(runs).toHaveLength(1)
    expect(runs[0]?.run.signal.aborted).toBe(false)
    runs[0]?.resolve()
    await until(() => rows(job)).toEqual([])
  })

  it('a process that lost a job to another one is told, and does no harm', async () => {
    const job = kind()
    const { runs, handler } = held(job)
    await add(job, 1)
    const first = await start([handler], { beatMs: 200, staleMs: HOUR })
    await until(() => runs.length).toBe(1)
    await start([handler], { database: await another(), beatMs: HOUR, staleMs: -HOUR })
    await until(() => runs.length).toBe(2)
    await until(() => runs[0]?.run.signal.aborted).toBe(true)
    runs[0]?.reject(new Error('lost'))
    await first.stop(60_000)
    expect(await onlyRow(job)).toMatchObject({ state: 'running' })
    runs[1]?.resolve()
    await until(() => rows(job)).toEqual([])
  })
})
