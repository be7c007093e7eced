import { tenantScope } from '@mairust/db/queries/scope'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { blobKey, fsBlobStore } from '@mairust/db/blob'
import { findMessage } from '@mairust/db/queries/message'
import { countOutdated } from '@mairust/db/queries/reindex'
import { makeMailbox, makeMessage, makeScope, withDatabases } from '@mairust/db/testing'
import { afterAll, expect, it } from 'vitest'
import { createObjectIndexer, type ObjectIndexer } from './object-indexer.ts'
import { reindexPortion } from './reindex.ts'

/** A worker that exits at any task. */
const dying = new URL(
  'data:text/javascript,import{parentPort}from"node:worker_threads";parentPort.on("message",()=>process.exit(1))',
)

withDatabases((get) => {
  const indexers: ObjectIndexer[] = []
  afterAll(() => Promise.all(indexers.map((indexer) => indexer.close())))
  const setUp = async (spawn?: () => Worker) => {
    const database = get()
    const base = await mkdtemp(join(tmpdir(), 'mairust-reindex-'))
    const blobs = await fsBlobStore(base)
    const indexer = createObjectIndexer(
      { backend: 'fs', options: { base_path: base } },
      { size: 1, ...(spawn === undefined ? {} : { spawn }) },
    )
    indexers.push(indexer)
    const box = await makeMailbox(database.db, await makeScope(database.db))
    const mailbox = { tenantId: box.tenantId, mailboxId: box.id }
    const put = async (subject: string) => {
      const key = blobKey(new Date())
      const { size, sha256 } = await blobs.put(key, Buffer.from(`Subject: ${subject}\r\n\r\nthe text\r\n`))
      const { id } = await makeMessage(database, box, {
        blobKey: key,
        size,
        sha256,
        index: { subject: 'old', version: 0 },
      })
      return { id, path: join(base, key) }
    }
    const subjectOf = async (id: string) =>
      (await findMessage(database.db, { ...tenantScope(box.tenantId), mailboxIds: 'all' }, id))?.subject
    const reindex = () => reindexPortion({ database, blobs, indexer }, mailbox)
    return { base, put, subjectOf, reindex, left: () => countOutdated(database.db, mailbox) }
  }

  it('reindexes outdated messages from their objects, portion by portion', async () => {
    const { put, subjectOf, reindex, left } = await setUp()
    const all = []
    for (let n = 0; n < 70; n += 1) all.push(await put(`message ${n}`))
    expect(await reindex()).toEqual({ messages: 64, indexed: 64, troubles: [] })
    expect(await left()).toBe(6)
    expect(await reindex()).toEqual({ messages: 6, indexed: 6, troubles: [] })
    expect(await reindex()).toEqual({ messages: 0, indexed: 0, troubles: [] })
    expect(await Promise.all(all.map(({ id }) => subjectOf(id)))).toEqual(all.map((_, n) => `message ${n}`))
  })

  it('missing and changed objects are reported, and not tried again', async () => {
    const { put, subjectOf, reindex, left } = await setUp()
    const [whole, missing, damaged] = [await put('whole'), await put('missing'), await put('damaged')]
    await rm(missing.path)
    await writeFile(damaged.path, 'Subject: forged\r\n\r\n')
    const { indexed, troubles } = await reindex()
    expect(indexed).toBe(1)
    expect(troubles).toHaveLength(2)
    expect(troubles).toEqual(
      expect.arrayContaining([
        { messageId: missing.id, trouble: 'missing' },
        { messageId: damaged.id, trouble: 'damaged' },
      ]),
    )
    expect(await Promise.all([whole, missing, damaged].map(({ id }) => subjectOf(id)))).toEqual(['whole', 'old', 'old'])
    expect(await left()).toBe(0)
  })

  it('a message that crashes its worker affects nothing else', async () => {
    const { put, subjectOf, reindex, left } = await setUp(() => new Worker(dying))
    const { id } = await put('hostile')
    expect(await reindex()).toEqual({ messages: 1, indexed: 0, troubles: [{ messageId: id, trouble: 'unreadable' }] })
    expect([await subjectOf(id), await left()]).toEqual(['old', 0])
  })

  it('does not give up messages while the volume of the store is missing', async () => {
    const { base, put, reindex, left } = await setUp()
    const { path } = await put('one')
    await rm(path)
    await expect(reindex()).rejects.toThrow('the message store is empty')
    await rm(base, { recursive: true })
    await expect(reindex()).rejects.toThrow('not writable')
    expect(await left()).toBe(1)
  })
})
