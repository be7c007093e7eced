import { defineJob, enqueue, handle } from '@mairust/db/queue'
import { contentsOf, withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type Cli, makeCli, PASSWORD } from './cli.ts'

const HOUR = 3_600_000

withDatabases((get) => {
  let cli: Cli
  beforeAll(async () => {
    cli = makeCli(get().options)
    await cli.run(['admin', 'create', 'root@example.com', '--password-stdin'], PASSWORD)
  })
  afterAll(() => cli.remove())

  it('lists, retries and cancels jobs, beside a running server', async () => {
    const { db } = get()
    const payload = z.strictObject({ secret: z.string() })
    const [broken, later] = ['broken', 'later'].map((name) => defineJob({ name, payload, maxAttempts: 1 }))
    if (broken === undefined || later === undefined) throw new Error('there are two')
    let ran = 0
    const ending: PromiseWithResolvers<void> = Promise.withResolvers()
    const fail = handle(broken, () => {
      ran += 1
      return ran === 1 ? Promise.reject(new Error('the disk\u001b[2J is full')) : ending.promise
    })
    const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    const work = await get().work({ lanes: [{ name: 'test', concurrency: 1, handlers: [fail] }], log })
    await db.transaction((tx) => enqueue(tx, broken, { secret: 'x' }))
    await db.transaction((tx) => enqueue(tx, later, { secret: 'x' }, { key: 'k', runAt: new Date(Date.now() + HOUR) }))
    await expect
      .poll(async () => (await cli.json(['jobs', 'list', '--state', 'failed'])).data.length, { timeout: 30_000 })
      .toBe(1)
    const { data, pagination } = await cli.json(['jobs', 'list'])
    expect(data).toMatchObject([
      { name: 'broken', state: 'failed', attempts: 1, max_attempts: 1, key: null },
      { name: 'later', state: 'waiting', attempts: 0, key: 'k', last_error: null },
    ])
    expect(pagination).toEqual({ cursor: null, has_more: false })
    expect(JSON.stringify(data)).not.toContain('secret')
    expect((await cli.json(['jobs', 'list', '--limit', '1'])).pagination).toEqual({ cursor: null, has_more: true })
    const { out } = await cli.run(['jobs', 'list', '--name', 'broken'])
    expect(out).toMatch(
      /^ID +NAME +STATE +DUE +ATTEMPTS +KEY +LAST ERROR\n\S+ +broken +failed .* 1 of 1 +- +the disk.* is full\n$/,
    )
    expect(out).not.toContain('\u001b')
    const [failed, waiting] = data.map(({ id }) => String(id))
    expect(await cli.run(['jobs', 'retry', failed ?? ''])).toMatchObject({ status: 0, out: 'broken is due now\n' })
    await expect.poll(() => ran).toBe(2)
    for (const verb of ['retry', 'cancel']) {
      expect(await cli.run(['jobs', verb, failed ?? ''])).toMatchObject({ status: 1 })
      expect(await cli.run(['jobs', verb, 'none'])).toMatchObject({ status: 3 })
    }
    ending.resolve()
    expect((await cli.json(['jobs', 'cancel', waiting ?? ''])).data).toMatchObject({ id: waiting, deleted: true })
    await expect.poll(async () => (await cli.json(['jobs', 'list'])).data).toEqual([])
    await work.stop(60_000)
    const actions = [...(await contentsOf(db)).auditEntries.matchAll(/"action":"(job[^"]*)"/g)].map(
      ([, action]) => action,
    )
    expect(actions.sort()).toEqual(['job.cancel', 'job.retry'])
  })
})
