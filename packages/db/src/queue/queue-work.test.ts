import { fileURLToPath } from 'node:url'
import { once } from 'node:events'
import { fork } from 'node:child_process'
import { expect, it, vi } from 'vitest'
import { type Db } from '../client/db.ts'
import { withDatabases } from '../testing/index.ts'
import { done, queueing, until } from '../testing/queueing.ts'
import { cancelJob, cancelJobByKey, enqueue, enqueueAll, findJob, handle, listJobs, retryJob } from './index.ts'

const HOUR = 3_600_000

withDatabases((get) => {
  const { kind, add, rows, onlyRow, start, another, held, closing } = queueing(get)

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
    const change = <Result>(fn: (tx: Db) => Promise<Result>) => get().db.transaction(fn)
    await add(job, 1)
    await start([handler])
    await until(() => runs.length).toBe(1)
    const running = await onlyRow(job)
    expect(running.state).toBe('running')
    expect(await change((tx) => cancelJob(tx, running.id))).toBe(false)
    expect(await change((tx) => retryJob(tx, running.id))).toBeNull()
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
    // With one place it cannot take the job again itself.
    const first = await start([handler], { beatMs: 200, staleMs: HOUR, concurrency: 1 })
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
