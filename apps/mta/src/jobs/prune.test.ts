import { tenantScope } from '@mairust/db/queries/scope'
import { blobKey, memoryBlobStore } from '@mairust/db/blob'
import { listAuditEntries } from '@mairust/db/queries/audit'
import { findFolder } from '@mairust/db/queries/folder'
import { setFolder } from '@mairust/db/queries/message-change'
import { insertSession } from '@mairust/db/queries/session'
import { listJobs } from '@mairust/db/queue'
import {
  changedTables,
  contentsOf,
  makeDomain,
  makeMailbox,
  makeMessage,
  makeTenant,
  makeUser,
  withDatabases,
} from '@mairust/db/testing'
import { expect, it, vi } from 'vitest'
import { createPruner, type PruneOptions, pruning } from './prune.ts'

const MINUTE = 60_000
const config = () => ({
  retention: { deleted_messages_days: 30, journey_days: 30 },
  audit: { retention_days: 365 },
})

/** Tables pruned by retention, with their dependent counts. */
const RETAINED: ReadonlySet<string> = new Set([
  'messages',
  'threads',
  'folders',
  'mailboxes',
  'awaitedHeaders',
  'journeys',
  'journeyRecipients',
  'journeyEvents',
  'sessions',
])

withDatabases((get) => {
  const setUp = async () => {
    const time = { now: Date.now() }
    const database = get()
    const now = () => new Date(time.now)
    const blobs = memoryBlobStore(now)
    const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    const box = await makeMailbox(database.db, tenantScope((await makeTenant(database.db)).id))
    const put = async (message: boolean) => {
      const key = blobKey(now())
      await blobs.put(key, Buffer.from('x'))
      if (message) await makeMessage(database, box, { blobKey: key })
      return key
    }
    return { time, blobs, log, put, pruner: createPruner({ config, database, blobs, log, now }) }
  }
  const { signal } = new AbortController()

  it('removes objects without a message within the hour, even after failed scans', async () => {
    const { time, blobs, log, put, pruner } = await setUp()
    const kept = await put(true)
    const orphan = await put(false)
    await pruner.objects(signal, true)
    time.now += 40 * MINUTE
    await pruner.objects(signal)
    expect(await blobs.has(orphan)).toBe(true)
    const list = vi.spyOn(blobs, 'list')
    list.mockImplementationOnce(() => {
      throw new Error('away')
    })
    // Scans fail for hours.
    time.now += 600 * MINUTE
    await pruner.objects(signal)
    expect(log.error).toHaveBeenCalledOnce()
    const young = await put(false)
    await pruner.objects(signal)
    expect(await blobs.has(orphan)).toBe(false)
    time.now += 50 * MINUTE
    await pruner.objects(signal)
    expect([await blobs.has(young), await blobs.has(kept)]).toEqual([false, true])
    // By then it scans recent objects only.
    expect(list.mock.lastCall?.[1]?.getTime()).toBeGreaterThan(time.now - 180 * MINUTE)
  })

  it('audits what it prunes, except data past its retention', async () => {
    const { time, pruner } = await setUp()
    const { db, changes } = get()
    const user = await makeUser(db, tenantScope((await makeTenant(db)).id))
    const box = await makeMailbox(db, tenantScope(user.tenantId))
    const { id } = await makeMessage({ db, changes }, box)
    const trash = await findFolder(db, tenantScope(user.tenantId), box.id, 'trash')
    await db.transaction((tx) => setFolder(tx, tenantScope(user.tenantId), [id], trash?.id ?? '', new Date()))
    await makeDomain(db, tenantScope(user.tenantId), { status: 'pending' })
    const made = new Date()
    await insertSession(db, tenantScope(user.tenantId), {
      id: 'ses_x',
      tokenHash: 'x',
      userId: user.id,
      ip: '192.0.2.1',
      userAgent: '',
      createdAt: made,
      lastSeenAt: made,
      expiresAt: made,
    })
    const before = await contentsOf(db)
    time.now += 100 * 24 * 60 * MINUTE
    await pruner.rows(signal)
    const written = changedTables(before, await contentsOf(db))
    expect(written).toEqual(expect.arrayContaining(['messages', 'sessions']))
    expect(written.filter((table) => !RETAINED.has(table)).sort()).toEqual(['auditEntries', 'domains'])
    const left = await listAuditEntries(db, tenantScope(user.tenantId), {}, { limit: 10 })
    expect(left.map(({ action, actorKind }) => ({ action, actorKind }))).toEqual([
      { action: 'domain.expire', actorKind: 'system' },
    ])
  })

  /** Runs the jobs of pruning in this process. */
  const work = async (options: Pick<PruneOptions, 'blobs' | 'log' | 'now'>) => {
    const database = get()
    const { handlers, timers } = pruning({ config, database, ...options })
    const add = async (name: string) => {
      const timer = timers.find((one) => one.name === name)
      if (timer === undefined) throw new Error(`there is no timer ${name}`)
      await database.db.transaction((tx) => timer.add(tx, `timer:${name}`))
    }
    const running = await database.work({ lanes: [{ name: 'test', concurrency: 4, handlers }], log: options.log })
    return { add, timers, stop: () => running.stop(60_000) }
  }

  it('every regular job of it runs, and leaves nothing behind', async () => {
    const { time, blobs, log, put } = await setUp()
    const orphan = await put(false)
    time.now += 120 * MINUTE
    const { add, timers, stop } = await work({ blobs, log, now: () => new Date(time.now) })
    expect(timers.map(({ name, everyMs }) => [name, everyMs / MINUTE])).toEqual([
      ['prune-objects', 10],
      ['prune-all-objects', 24 * 60],
      ['prune-rows', 60],
    ])
    const scans = vi.spyOn(blobs, 'list')
    for (const { name } of timers) await add(name)
    await expect.poll(() => listJobs(get().db, { limit: 10 })).toEqual([])
    expect(await blobs.has(orphan)).toBe(false)
    expect(scans).toHaveBeenCalledTimes(2)
    await stop()
    expect([...log.warn.mock.calls, ...log.error.mock.calls]).toEqual([])
  })

  it('stopping waits only for the removal in progress', async () => {
    const { time, blobs, log, put } = await setUp()
    const orphan = await put(false)
    time.now += 120 * MINUTE
    const began: PromiseWithResolvers<void> = Promise.withResolvers()
    const going: PromiseWithResolvers<void> = Promise.withResolvers()
    vi.spyOn(blobs, 'removeUnfinished').mockImplementation(() => {
      began.resolve()
      return going.promise
    })
    const { add, stop } = await work({ blobs, log, now: () => new Date(time.now) })
    await add('prune-objects')
    await began.promise
    const stopped = stop()
    going.resolve()
    await stopped
    expect(await blobs.has(orphan)).toBe(true)
  })

  it('removes unfinished objects that other processes left', async () => {
    const { time, blobs, pruner } = await setUp()
    const remove = vi.spyOn(blobs, 'removeUnfinished')
    await pruner.objects(signal)
    expect(remove).toHaveBeenCalledWith(new Date(time.now - 45 * MINUTE))
  })
})
