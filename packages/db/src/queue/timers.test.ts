import { afterEach, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { openDatabase } from '../client/open.ts'
import { withDatabases } from '../testing/index.ts'
import { cancelJob, defineJob, every, listJobs, startTimers } from './index.ts'

const MINUTE = 60_000

withDatabases((get) => {
  let count = 0
  afterEach(() => vi.useRealTimers())

  const setUp = () => {
    const job = defineJob({ name: `timed-${(count += 1)}`, payload: z.strictObject({ whole: z.boolean() }) })
    const time = { now: Date.UTC(2026, 0, 1) + 10_000 }
    const log = { error: vi.fn() }
    const about = { name: job.name, everyMs: 10 * MINUTE, firstMs: MINUTE }
    const jobs = () => listJobs(get().db, { name: job.name, limit: 10 })
    const takeAll = async () => {
      for (const { id } of await jobs()) await get().db.transaction((tx) => cancelJob(tx, id))
    }
    const pass = (minutes: number) => {
      time.now += minutes * MINUTE
      vi.advanceTimersByTime(minutes * MINUTE)
    }
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    return { job, time, log, about, jobs, takeAll, pass }
  }

  it('many nodes add one job a period, and one that waits stands for the next', async () => {
    const { job, time, log, about, jobs, takeAll, pass } = setUp()
    vi.useRealTimers()
    const other = await openDatabase(get().options)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let looked = 0
    const isNeeded = () => Promise.resolve((looked += 1) > 0)
    const timer = every({ ...about, isNeeded }, job, { whole: true })
    const nodes = [get().db, other.db, get().db].map((db) => startTimers(db, [timer], { log, now: () => time.now }))
    const settled = async (times: number) => {
      vi.useRealTimers()
      await expect.poll(() => looked).toBe(times)
      await expect.poll(async () => (await jobs()).length).toBe(1)
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    }
    pass(1)
    await settled(3)
    expect(await jobs()).toMatchObject([{ key: `timer:${job.name}`, payload: { whole: true } }])
    await Promise.all(nodes.map((node) => node.stop()))
    await takeAll()
    // A restart in the same period adds nothing.
    const again = startTimers(get().db, [timer], { log, now: () => time.now })
    pass(1)
    await expect.poll(() => looked).toBe(4)
    await again.stop()
    expect(await jobs()).toEqual([])
    // The next period does.
    const later = startTimers(other.db, [timer], { log, now: () => time.now })
    time.now += 9 * MINUTE
    vi.advanceTimersByTime(MINUTE)
    await settled(5)
    await later.stop()
    const last = startTimers(other.db, [timer], { log, now: () => time.now + 10 * MINUTE })
    vi.advanceTimersByTime(MINUTE)
    await settled(6)
    await last.stop()
    vi.useRealTimers()
    await other.close()
    expect(await jobs()).toHaveLength(1)
    expect(log.error).not.toHaveBeenCalled()
  })

  it('adds nothing while there is nothing to do, and tries again after trouble', async () => {
    const { job, time, log, about, jobs } = setUp()
    let asked = 0
    const isNeeded = (): Promise<boolean> => {
      asked += 1
      return asked === 2 ? Promise.reject(new Error('away')) : Promise.resolve(asked > 2)
    }
    const timers = startTimers(get().db, [every({ ...about, isNeeded }, job, { whole: false })], {
      log,
      now: () => time.now,
    })
    vi.advanceTimersByTime(MINUTE)
    expect(asked).toBe(1)
    // The next look is planned once this one is over.
    await expect.poll(() => vi.getTimerCount(), { interval: 0 }).toBe(1)
    expect(await jobs()).toEqual([])
    time.now += 10 * MINUTE
    vi.advanceTimersByTime(10 * MINUTE)
    await vi.waitFor(() => expect(log.error).toHaveBeenCalledOnce(), { timeout: 30_000 })
    vi.advanceTimersByTime(10_000)
    vi.useRealTimers()
    await expect.poll(async () => (await jobs()).length).toBe(1)
    await timers.stop()
  })
})
