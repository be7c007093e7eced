import { tenantScope } from '@mairust/db/queries/scope'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BlobStore, BlobStoreError, BlobStoreFullError, memoryBlobStore } from '@mairust/db/blob'
import { deleteMailboxRow, type MailboxRow, updateMailboxRow } from '@mairust/db/queries/mailbox'
import { makeItem, makeMailbox, makeObject, makeScope, withDatabases } from '@mairust/db/testing'
import { silentLog } from '@mairust/log'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createIntake, type Intake, isOutOfSpace, type Message, type StoreFailure } from './intake.ts'
import { createMessageIndexer } from './message-index.ts'
import type { Part } from './part.ts'

const HEADER = Buffer.from('From: Ann <ann@example.org>\r\nSubject: Hello\r\n\r\n')
const BODY = 'the text\r\n'

withDatabases((get) => {
  const indexer = createMessageIndexer()
  const blobs: BlobStore = memoryBlobStore()
  let intake: Intake
  let parts: readonly Part[]
  beforeAll(async () => {
    intake = createIntake({ database: get(), blobs, indexer, log: silentLog })
    const path = join(await mkdtemp(join(tmpdir(), 'mairust-intake-')), 'spooled')
    await writeFile(path, BODY)
    parts = [HEADER, { path, from: 0, size: BODY.length }]
  })
  afterAll(() => indexer.close())

  const newMailbox = async (values: Partial<MailboxRow> = {}): Promise<MailboxRow> =>
    makeMailbox(get().db, await makeScope(get().db), values)
  const MARK = 'X-Object: 0\r\n'
  const size = MARK.length + HEADER.length + BODY.length
  /** A message with a separate object for each mailbox. */
  const messageTo = (...mailboxes: readonly [MailboxRow, ...MailboxRow[]]): Message & { id: string } => {
    const { journey } = makeItem(mailboxes[0])
    return {
      id: journey.id,
      index: intake.index(parts, 'client'),
      objects: mailboxes.map((mailbox, at) => ({
        parts: [Buffer.from(MARK.replace('0', String(at))), ...parts],
        copies: makeObject(mailbox).copies,
      })),
      journey: () => journey,
      receivedAt: new Date(),
    }
  }
  const stored = async (): Promise<string[]> => {
    const keys: string[] = []
    for await (const key of blobs.list(new Date(Date.now() + 60_000))) keys.push(key)
    return keys.sort()
  }
  const rowsIn = async ({ id }: MailboxRow) =>
    (await get().db.select().from(get().db.tables.messages)).filter(({ mailboxId }) => mailboxId === id)
  const journeysOf = async (id: string) =>
    (await get().db.select().from(get().db.tables.journeys)).filter((journey) => journey.id === id)

  it('a message partly in memory, partly on disk becomes an object per set of header fields, and rows that reference it', async () => {
    const [one, two] = [await newMailbox(), await newMailbox()]
    expect(await intake.store(messageTo(one, two))).toEqual({ failure: null })
    for (const [at, mailbox] of [one, two].entries()) {
      const [row, ...others] = await rowsIn(mailbox)
      expect(others).toEqual([])
      expect(row).toMatchObject({ subject: 'Hello', fromAddress: 'ann@example.org', parseError: null })
      const object = await blobs.read(row?.blobKey ?? '')
      expect(object.toString()).toBe(MARK.replace('0', String(at)) + HEADER.toString() + BODY)
      expect(row?.size).toBe(object.length)
    }
  })

  it('the journey is requested once the objects are on stable storage', async () => {
    const before = await stored()
    const message = messageTo(await newMailbox(), await newMailbox())
    const seen: Promise<string[]>[] = []
    await intake.store({ ...message, journey: () => (seen.push(stored()), message.journey()) })
    expect((await Promise.all(seen)).map((keys) => keys.length - before.length)).toEqual([2])
  })

  it.each<[StoreFailure, (mailbox: MailboxRow) => Promise<unknown>]>([
    ['no_mailbox', (mailbox) => deleteMailboxRow(get().db, tenantScope(mailbox.tenantId), mailbox.id)],
    [
      'suspended',
      (mailbox) => updateMailboxRow(get().db, tenantScope(mailbox.tenantId), mailbox.id, { status: 'suspended' }),
    ],
    [
      'too_large',
      (mailbox) => updateMailboxRow(get().db, tenantScope(mailbox.tenantId), mailbox.id, { quotaBytes: 10 }),
    ],
    [
      'over_quota',
      async (mailbox) => {
        await intake.store(messageTo(mailbox))
        await updateMailboxRow(get().db, tenantScope(mailbox.tenantId), mailbox.id, { quotaBytes: size })
      },
    ],
  ])('a refused message reports why (%s), and leaves neither objects nor journey', async (failure, change) => {
    const mailbox = await newMailbox()
    await change(mailbox)
    const before = await stored()
    const message = messageTo(mailbox, mailbox)
    expect(await intake.store(message)).toEqual({ failure })
    expect(await stored()).toEqual(before)
    expect(await journeysOf(message.id)).toEqual([])
  })

  it('failing to remove the objects of a refused message is not an error', async () => {
    const message = messageTo(await newMailbox({ quotaBytes: 10 }))
    const remove = vi.spyOn(blobs, 'delete').mockRejectedValueOnce(new BlobStoreError('EIO'))
    expect(await intake.store(message)).toEqual({ failure: 'too_large' })
    remove.mockRestore()
  })

  it('objects whose rows may have been written stay when the database fails', async () => {
    const [before, message] = [await stored(), messageTo(await newMailbox(), await newMailbox())]
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    const transaction = vi.spyOn(get().db, 'transaction').mockRejectedValueOnce(full)
    await expect(intake.store(message)).rejects.toSatisfy(isOutOfSpace)
    transaction.mockRestore()
    expect((await stored()).length - before.length).toBe(2)
  })

  it('when one object cannot be stored, none is, and no rows are written', async () => {
    const [before, message] = [await stored(), messageTo(await newMailbox(), await newMailbox())]
    const put = vi.spyOn(blobs, 'put').mockRejectedValueOnce(new BlobStoreError('EIO'))
    await expect(intake.store(message)).rejects.toThrow('EIO')
    put.mockRestore()
    expect(await stored()).toEqual(before)
    expect(await journeysOf(message.id)).toEqual([])
  })

  it('a journey without a message is stored', async () => {
    const closing = createIntake({ database: get(), blobs, indexer, log: silentLog })
    const { journey } = makeItem(await newMailbox())
    closing.record({ ...journey, status: 'refused' })
    await closing.drain()
    expect(await journeysOf(journey.id)).not.toEqual([])
    expect(closing.droppedJourneys).toBe(0)
  })
})

describe('trouble with the store', () => {
  it.each([
    [new BlobStoreFullError('ENOSPC'), true],
    [new BlobStoreError('EIO'), false],
  ])('%s is thrown once the index is built too, and tells whether space ran out', async (error, outOfSpace) => {
    let reading = true
    const indexer = createMessageIndexer()
    const intake = createIntake({
      database: { db: {}, changes: {}, dialect: 'sqlite' } as never,
      blobs: { ...memoryBlobStore(), put: () => Promise.reject(error) },
      indexer: { ...indexer, index: (...given) => indexer.index(...given).finally(() => (reading = false)) },
      log: silentLog,
    })
    const message = {
      index: intake.index([HEADER], 'client'),
      objects: [{ parts: [HEADER], copies: [] }],
      receivedAt: new Date(),
    }
    const thrown = await intake.store({ ...message, journey: () => ({}) as never }).catch((caught: unknown) => caught)
    expect([thrown, reading, isOutOfSpace(thrown)]).toEqual([error, false, outOfSpace])
    await indexer.close()
  })
})
