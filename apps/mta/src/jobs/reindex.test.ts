import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blobKey, fsBlobStore } from '@mairust/db/blob'
import { countOutdated } from '@mairust/db/queries/reindex'
import { makeMailbox, makeMessage, makeScope, withDatabases } from '@mairust/db/testing'
import { createObjectIndexer } from '@mairust/intake'
import { Registry } from 'prom-client'
import { expect, it, vi } from 'vitest'
import { reindexing } from './reindex.ts'

const until = <T>(value: () => T) => expect.poll(value)
const DONE = 'Messages were reindexed'

withDatabases((get) => {
  const setUp = async () => {
    const database = get()
    // What another test has left.
    await database.db.delete(database.db.tables.messages)
    const base = await mkdtemp(join(tmpdir(), 'mairust-reindex-'))
    const blobs = await fsBlobStore(base)
    const box = await makeMailbox(database.db, await makeScope(database.db))
    const put = async () => {
      const key = blobKey(new Date())
      const { size, sha256 } = await blobs.put(key, Buffer.from('Subject: new\r\n\r\ntext\r\n'))
      await makeMessage(database, box, { blobKey: key, size, sha256, index: { subject: 'old', version: 0 } })
      return join(base, key)
    }
    const paths: string[] = []
    for (let n = 0; n < 130; n += 1) paths.push(await put())
    /** A server that runs the job; each rest waits until it is let go on. */
    const start = async (onRest: () => Promise<void> = () => Promise.resolve()) => {
      const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
      const registry = new Registry()
      const indexer = createObjectIndexer({ backend: 'fs', options: { base_path: base } }, { size: 1 })
      const { handlers, timers } = reindexing({ database, blobs, indexer, registry, log, pause: () => onRest() })
      const work = await database.work({ lanes: [{ name: 'test', concurrency: 2, handlers }], log })
      for (const timer of timers) {
        if (await timer.isNeeded()) await database.db.transaction((tx) => timer.add(tx, `timer:${timer.name}`))
      }
      const said = (message: string) =>
        log.info.mock.calls.filter(([, text]) => text === message).map(([facts]) => facts as unknown)
      const result = async (name: string, labels: object = {}) => {
        const values = (await registry.getSingleMetric(name)?.get())?.values ?? []
        return values.find((one) => JSON.stringify(one.labels) === JSON.stringify(labels))?.value
      }
      const stop = async (): Promise<void> => {
        await Promise.all([work.stop(60_000), indexer.close()])
      }
      return { stop, log, said, result }
    }
    return { start, paths, left: () => countOutdated(database.db) }
  }

  it('reindexes everything in portions, with metrics and log lines', async () => {
    const { start, paths, left } = await setUp()
    await rm(paths[7] ?? '')
    const job = await start()
    await until(() => job.said(DONE)).toEqual([{ indexed: 129, missing: 1, damaged: 0, unreadable: 0 }])
    expect(job.said('Reindexing messages')).toEqual([{ messages: 130 }])
    expect(job.log.warn).toHaveBeenCalledOnce()
    expect(await left()).toBe(0)
    expect(await job.result('mairust_reindexed_messages_total', { result: 'indexed' })).toBe(129)
    expect(await job.result('mairust_reindexed_messages_total', { result: 'missing' })).toBe(1)
    expect(await job.result('mairust_reindex_pending_messages')).toBe(0)
    await job.stop()
  })

  it('stops on request, and the next one continues', async () => {
    const { start, left } = await setUp()
    const reached: PromiseWithResolvers<void> = Promise.withResolvers()
    const second = await start(async () => {
      reached.resolve()
      await stopped.promise
    })
    const stopped: PromiseWithResolvers<void> = Promise.withResolvers()
    await reached.promise
    expect(await second.result('mairust_reindex_pending_messages')).toBe(130 - 64)
    const end = second.stop()
    stopped.resolve()
    await end
    expect(second.said('Reindexing will continue later')).toMatchObject([{ indexed: 64 }])
    const third = await start()
    await until(() => third.said(DONE)).toMatchObject([{ indexed: 66 }])
    expect(await left()).toBe(0)
    await third.stop()
  })

  it('only one of several processes reindexes at a time, so that nothing is done twice', async () => {
    const { start, left } = await setUp()
    const jobs = [await start(), await start(), await start()]
    await until(left).toBe(0)
    await Promise.all(jobs.map((job) => job.stop()))
    const counts = await Promise.all(
      jobs.map((job) => job.result('mairust_reindexed_messages_total', { result: 'indexed' })),
    )
    expect(counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)).toBe(130)
  })

  it('a failure is logged and retried', async () => {
    const { start, paths, left } = await setUp()
    await Promise.all(paths.map((path) => rm(path)))
    const job = await start()
    await until(() => job.log.warn.mock.calls).toMatchObject([
      [{ job: 'reindex', attempt: 1 }, 'A job failed; it will be tried again'],
    ])
    expect(await left()).toBe(130)
    await job.stop()
  })
})
