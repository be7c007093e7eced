import { expect, it, vi } from 'vitest'
import { z } from 'zod'
import { channelOf } from '../client/db.ts'
import { withDatabases } from '../testing/index.ts'
import { done, queueing, until } from '../testing/queueing.ts'
import {
  cancelJob,
  countJobs,
  defineJob,
  enqueue,
  enqueueAll,
  handle,
  listJobs,
  pruneFailedJobs,
  retryJob,
} from './index.ts'

const HOUR = 3_600_000

withDatabases((get) => {
  const { kind, add, rows, onlyRow, start, another, held } = queueing(get)

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
    const due = await get().db.transaction((tx) => retryJob(tx, waiting.id))
    expect(due).toMatchObject({ id: waiting.id, state: 'waiting', attempts: 0 })
    expect(due?.runAt.getTime()).toBeLessThan(waiting.runAt.getTime())
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
    expect(await get().db.transaction((tx) => retryJob(tx, second?.id ?? ''))).toMatchObject({ attempts: 0 })
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
})
