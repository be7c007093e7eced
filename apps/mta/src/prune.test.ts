import { tenantScope } from '@mairust/db/queries/scope'
import { blobKey, memoryBlobStore } from '@mairust/db/blob'
import { listAuditEntries } from '@mairust/db/queries/audit'
import { findFolder } from '@mairust/db/queries/folder'
import { releaseLease, takeLease } from '@mairust/db/queries/lease'
import { setFolder } from '@mairust/db/queries/message-change'
import { insertSession } from '@mairust/db/queries/session'
import { findSetting } from '@mairust/db/queries/setting'
import { SYSTEM_TENANT } from '@mairust/db/schema'
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
import { createPruner, startPruning } from './prune.ts'

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

  it('stopping waits only for the removal in progress', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const { time, blobs, log, put } = await setUp()
    const orphan = await put(false)
    time.now += 120 * MINUTE
    const began: PromiseWithResolvers<void> = Promise.withResolvers()
    const going: PromiseWithResolvers<void> = Promise.withResolvers()
    vi.spyOn(blobs, 'removeUnfinished').mockImplementation(() => {
      began.resolve()
      return going.promise
    })
    const options = { config, database: get(), blobs, log, now: () => new Date(time.now) }
    const pruning = startPruning(options)
    vi.advanceTimersByTime(MINUTE)
    vi.useRealTimers()
    await began.promise
    const stopped = pruning.stop()
    going.resolve()
    await stopped
    expect(await blobs.has(orphan)).toBe(true)
  })

  it('runs in one process per database, and moves to another when that one stops', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const { time, log } = await setUp()
    const now = () => new Date(time.now)
    const start = () => {
      const blobs = memoryBlobStore(now)
      const pruned = vi.spyOn(blobs, 'removeUnfinished')
      return { pruned, ...startPruning({ config, database: get(), blobs, log, now }) }
    }
    const [first, second] = [start(), start()]
    vi.advanceTimersByTime(MINUTE)
    vi.useRealTimers()
    const counts = () => first.pruned.mock.calls.length + second.pruned.mock.calls.length
    await expect.poll(counts).toBe(1)
    const [busy, idle] = first.pruned.mock.calls.length === 1 ? [first, second] : [second, first]
    await Promise.all([busy.stop(), idle.stop()])
    expect(counts()).toBe(1)

    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const third = start()
    vi.advanceTimersByTime(MINUTE)
    vi.useRealTimers()
    await expect.poll(() => third.pruned.mock.calls.length).toBe(1)
    await third.stop()
  })

  it('keeps the lease for as long as a round takes, and starts no other meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const { time, blobs, log } = await setUp()
    const rounds: PromiseWithResolvers<void>[] = []
    vi.spyOn(blobs, 'removeUnfinished').mockImplementation(() => {
      const round: PromiseWithResolvers<void> = Promise.withResolvers()
      rounds.push(round)
      return round.promise
    })
    const { db } = get()
    const pruning = startPruning({ config, database: get(), blobs, log, now: () => new Date(time.now) })
    const pass = (minutes: number) => {
      time.now += minutes * MINUTE
      vi.advanceTimersByTime(minutes * MINUTE)
    }
    const until = async () => {
      const lease = await findSetting(db, tenantScope(SYSTEM_TENANT), 'lease:prune')
      return typeof lease === 'object' && lease !== null && 'until' in lease ? lease.until : null
    }
    pass(1)
    await expect.poll(() => rounds.length).toBe(1)
    for (let passed = 0; passed < 40; passed += 5) {
      pass(5)
      await expect.poll(until).toBe(time.now + 15 * MINUTE)
    }
    const other = { job: 'prune', holder: 'other', now: new Date(time.now), forMs: 1 }
    expect(await takeLease(db, other)).toBe(false)
    expect(rounds).toHaveLength(1)
    const stopped = pruning.stop()
    rounds[0]?.resolve()
    await stopped
    expect(await takeLease(db, other)).toBe(true)
    await releaseLease(db, other)
    vi.useRealTimers()
    expect(rounds).toHaveLength(1)
  })

  it('removes unfinished objects that other processes left', async () => {
    const { time, blobs, pruner } = await setUp()
    const remove = vi.spyOn(blobs, 'removeUnfinished')
    await pruner.objects(signal)
    expect(remove).toHaveBeenCalledWith(new Date(time.now - 45 * MINUTE))
  })
})
