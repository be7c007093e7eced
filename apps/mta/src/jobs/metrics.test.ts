import { defineJob, enqueue, enqueueAll, handle } from '@mairust/db/queue'
import { withDatabases } from '@mairust/db/testing'
import { Registry } from 'prom-client'
import { expect, it, vi } from 'vitest'
import { z } from 'zod'
import { jobMetrics } from './metrics.ts'

withDatabases((get) => {
  it('counts waiting, running and failed jobs, and times their runs', async () => {
    const registry = new Registry()
    const onResult = jobMetrics(get(), registry)
    const payload = z.strictObject({})
    const [good, bad, waiting] = [
      defineJob({ name: 'good', payload }),
      defineJob({ name: 'bad', payload, maxAttempts: 1 }),
      defineJob({ name: 'waiting', payload }),
    ]
    await get().db.transaction(async (tx) => {
      await enqueue(tx, good, {})
      await enqueueAll(tx, bad, [{ payload: {} }, { payload: {} }])
      await enqueueAll(tx, waiting, [{ payload: {} }, { payload: {} }, { payload: {} }])
    })
    const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    const ending: PromiseWithResolvers<void> = Promise.withResolvers()
    const handlers = [handle(good, () => ending.promise), handle(bad, () => Promise.reject(new Error('no')))]
    const work = await get().work({ lanes: [{ name: 'test', concurrency: 3, handlers }], log, onResult })
    const figures = async () =>
      (await registry.metrics()).split('\n').filter((line) => /^mairust_jobs\{|_count/.test(line))
    await expect
      .poll(figures, { timeout: 15_000 })
      .toEqual(
        expect.arrayContaining([
          'mairust_jobs{job="good",state="waiting"} 0',
          'mairust_jobs{job="good",state="running"} 1',
          'mairust_jobs{job="bad",state="failed"} 2',
          'mairust_jobs{job="waiting",state="waiting"} 3',
          'mairust_job_duration_seconds_count{job="bad",result="given_up"} 2',
        ]),
      )
    ending.resolve()
    await expect.poll(figures).toContain('mairust_job_duration_seconds_count{job="good",result="done"} 1')
    await work.stop(60_000)
  })
})
