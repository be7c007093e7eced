import { tenantScope } from './scope.ts'
import { and, eq } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { blobKey, BlobStoreError } from '../blob/blob.ts'
import { memoryBlobStore } from '../blob/memory.ts'
import { createId } from '../id.ts'
import { SYSTEM_TENANT } from '../schema/tenant.ts'
import { makeItem, makeMailbox, makeMessage, makeTenant, withDatabases } from '../testing/index.ts'
import { acceptMessages, recordJourneys } from './accept.ts'
import { listFolders } from './folder.ts'
import { deleteMailboxRow, findMailbox } from './mailbox.ts'
import { emptyMailbox, pruneAudit, pruneJourneys, pruneOrphanBlobs, pruneTrash } from './prune.ts'

const HOUR = 3_600_000

withDatabases((get) => {
  const setUp = async () => {
    const { db, changes } = get()
    const box = await makeMailbox(db, tenantScope((await makeTenant(db)).id))
    const blobs = memoryBlobStore()
    const put = async (trashedAt: Date | null = null) => {
      const key = blobKey(new Date())
      await blobs.put(key, Buffer.from('x'))
      const folderRole = trashedAt === null ? 'inbox' : 'trash'
      const { id } = await makeMessage(get(), box, { blobKey: key, copy: { folderRole }, size: 10 })
      await db.update(db.tables.messages).set({ trashedAt }).where(eq(db.tables.messages.id, id))
      return { id, key }
    }
    const idsLeft = async () => {
      const { messages } = db.tables
      const rows = await db.select({ id: messages.id }).from(messages).where(eq(messages.mailboxId, box.id))
      return rows.map(({ id }) => id).sort()
    }
    return { box, blobs, put, idsLeft, tools: { db, changes, blobs, log: { warn: vi.fn() } } }
  }
  const keysOf = async (blobs: ReturnType<typeof memoryBlobStore>) => {
    const keys: string[] = []
    for await (const key of blobs.list(new Date(Date.now() + HOUR))) keys.push(key)
    return keys.sort()
  }

  it('removes what was in Trash too long: rows, counts, quota, threads and blobs', async () => {
    const { box, blobs, put, idsLeft, tools } = await setUp()
    const limit = new Date(Date.now() - 30 * 24 * HOUR)
    const kept = [await put(), await put(new Date())]
    await put(new Date(limit.getTime() - 1))
    await put(new Date(limit.getTime() - HOUR))
    expect(await pruneTrash(tools, limit)).toBe(2)
    expect(await idsLeft()).toEqual(kept.map(({ id }) => id).sort())
    expect(await keysOf(blobs)).toEqual(kept.map(({ key }) => key).sort())
    expect((await findMailbox(tools.db, tenantScope(box.tenantId), box.id))?.usedBytes).toBe(20)
    const trash = (await listFolders(tools.db, tenantScope(box.tenantId), box.id)).find(({ role }) => role === 'trash')
    expect(trash).toMatchObject({ total: 1, unseen: 1 })
    const { threads } = tools.db.tables
    expect(await tools.db.$count(threads, eq(threads.mailboxId, box.id))).toBe(2)
    expect(await pruneTrash(tools, limit)).toBe(0)
  })

  it('removes what arrived directly in Trash, by role or id, after its time there', async () => {
    const { box, blobs, idsLeft, tools } = await setUp()
    const trash = (await listFolders(tools.db, tenantScope(box.tenantId), box.id)).find(({ role }) => role === 'trash')
    // Older than anything else in this database.
    const came = new Date('2000-01-01T00:00:00Z')
    const old = { receivedAt: new Date('1999-01-01T00:00:00Z') }
    for (const place of [{ folderRole: 'trash' as const }, { folderId: trash?.id }]) {
      const item = makeItem(box, { copy: { ...old, ...place } })
      await tools.db.transaction((tx) =>
        acceptMessages(tx, [{ ...item, journey: { ...item.journey, startedAt: came } }], get().changes),
      )
    }
    expect(await pruneTrash({ ...tools, blobs }, came)).toBe(0)
    expect(await pruneTrash({ ...tools, blobs }, new Date(came.getTime() + 1))).toBe(2)
    expect(await idsLeft()).toEqual([])
  })

  it('empties a mailbox so that it can be removed, and keeps blobs that others share', async () => {
    const { box, blobs, put, tools } = await setUp()
    const other = await makeMailbox(tools.db, tenantScope(box.tenantId))
    const { key } = await put()
    await put()
    await makeMessage(get(), other, { blobKey: key })
    expect(await emptyMailbox(tools, tenantScope(box.tenantId), box.id)).toBe(2)
    expect(await deleteMailboxRow(tools.db, tenantScope(box.tenantId), box.id)).toBe(true)
    expect(await keysOf(blobs)).toEqual([key])
  })

  it('goes on when an object cannot be removed, and says so', async () => {
    const { box, blobs, put, idsLeft, tools } = await setUp()
    const stuck = vi.spyOn(blobs, 'delete')
    const fail = () => stuck.mockRejectedValueOnce(new BlobStoreError('the blob store failed'))
    const [long, now] = [new Date(1000), new Date()]
    await put(long)
    await put(long)
    fail()
    expect(await pruneTrash(tools, new Date(2000))).toBe(2)
    expect(await keysOf(blobs)).toHaveLength(1)
    await put()
    await put()
    fail()
    expect(await emptyMailbox(tools, tenantScope(box.tenantId), box.id)).toBe(2)
    expect(await idsLeft()).toEqual([])
    expect(await keysOf(blobs)).toHaveLength(2)
    fail()
    expect(await pruneOrphanBlobs(tools, { now: new Date(now.getTime() + HOUR) })).toBe(1)
    expect(await keysOf(blobs)).toHaveLength(1)
    expect(tools.log.warn).toHaveBeenCalledTimes(3)
    expect(await pruneOrphanBlobs(tools, { now: new Date(now.getTime() + HOUR) })).toBe(1)
  })

  it('removes blobs without a message, except young ones', async () => {
    const { blobs, put, tools } = await setUp()
    const { key } = await put()
    const orphan = blobKey(new Date(Date.now() - 48 * HOUR))
    await blobs.put(orphan, Buffer.from('x'))
    const now = new Date()
    expect(await pruneOrphanBlobs(tools, { now })).toBe(0)
    const later = new Date(now.getTime() + HOUR)
    expect(await pruneOrphanBlobs(tools, { now: later, since: now })).toBe(0)
    expect(await pruneOrphanBlobs(tools, { now: later })).toBe(1)
    expect(await keysOf(blobs)).toEqual([key])
  })

  it('removes nothing when the store belongs to another database', async () => {
    const { blobs, tools } = await setUp()
    for (let at = 0; at < 101; at += 1) await blobs.put(blobKey(new Date()), Buffer.from('x'))
    const now = new Date(Date.now() + HOUR)
    await expect(pruneOrphanBlobs(tools, { now })).rejects.toThrow('database')
    await expect(pruneOrphanBlobs(tools, { now, since: new Date(0) })).rejects.toThrow('database')
    expect(await keysOf(blobs)).toHaveLength(101)
  })

  it('removes what an outage left, however much, when older blobs have messages', async () => {
    const { blobs, tools, box } = await setUp()
    const old = blobKey(new Date(Date.now() - 48 * HOUR))
    await blobs.put(old, Buffer.from('x'))
    await makeMessage(get(), box, { blobKey: old })
    for (let at = 0; at < 101; at += 1) await blobs.put(blobKey(new Date()), Buffer.from('x'))
    const now = new Date(Date.now() + HOUR)
    expect(await pruneOrphanBlobs(tools, { now, since: new Date(now.getTime() - 2 * HOUR) })).toBe(101)
    expect(await keysOf(blobs)).toEqual([old])
  })

  it('stops after the current batch when aborted', async () => {
    const { blobs, put, tools } = await setUp()
    const limit = new Date(Date.now() - 30 * 24 * HOUR)
    await put(new Date(limit.getTime() - HOUR))
    await blobs.put(blobKey(new Date()), Buffer.from('x'))
    const told = AbortSignal.abort()
    expect(await pruneTrash(tools, limit, told)).toBe(0)
    expect(await pruneOrphanBlobs(tools, { now: new Date(Date.now() + HOUR), signal: told })).toBe(0)
    expect(await pruneJourneys(tools.db, new Date(), told)).toBe(0)
    expect(await pruneAudit(tools.db, new Date(), told)).toBe(0)
    expect(await keysOf(blobs)).toHaveLength(2)
  })

  describe('history', () => {
    it('removes old journeys with their recipients, in every tenant', async () => {
      const { db } = get()
      const { box } = await setUp()
      const { journeys, journeyRecipients } = db.tables
      const { journey } = makeItem(box)
      const old = Array.from({ length: 600 }, (_, at) => ({
        ...journey,
        id: createId('jrn'),
        startedAt: new Date(1_000_000 + at),
        recipients: [
          ...journey.recipients,
          ...journey.recipients.map((fate) => ({ ...fate, tenantId: SYSTEM_TENANT })),
        ],
      }))
      await db.transaction((tx) => recordJourneys(tx, [journey, ...old]))
      expect(await pruneJourneys(db, new Date(2_000_000))).toBe(1200)
      const mine = and(eq(journeys.tenantId, box.tenantId))
      expect(await db.$count(journeys, mine)).toBe(1)
      expect(await db.$count(journeyRecipients, eq(journeyRecipients.tenantId, box.tenantId))).toBe(1)
    })

    it('removes old audit entries', async () => {
      const { db } = get()
      const { auditEntries } = db.tables
      const entry = (at: Date) => ({
        tenantId: SYSTEM_TENANT,
        id: createId('aud'),
        at,
        actorKind: 'system' as const,
        actorName: 's',
        actorRole: null,
        action: 'a',
        targetType: 't',
        ip: 'local',
        requestId: 'r',
      })
      await db.insert(auditEntries).values([entry(new Date(1)), entry(new Date())])
      expect(await pruneAudit(db, new Date(1000))).toBe(1)
      expect(await db.$count(auditEntries)).toBe(1)
    })
  })
})
