import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BlobStore, BlobStoreError, BlobStoreFullError, memoryBlobStore } from '@mairust/db/blob'
import type { AcceptItem } from '@mairust/db/queries/accept'
import { deleteMailboxRow, type MailboxRow, updateMailboxRow } from '@mairust/db/queries/mailbox'
import { makeItem, makeMailbox, makeScope, withDatabases } from '@mairust/db/testing'
import { silentLog } from '@mairust/log'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createIntake, type Intake, isOutOfSpace, type StoreFailure } from './intake.ts'
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
  const prepared = async (...mailboxes: readonly [MailboxRow, ...MailboxRow[]]): Promise<AcceptItem> => {
    const { journey } = makeItem(mailboxes[0])
    const copies = mailboxes.flatMap((mailbox) => makeItem(mailbox).copies)
    return { journey, copies, ...(await intake.prepare(parts, new Date())) }
  }
  const rowsIn = async ({ id }: MailboxRow) =>
    (await get().db.select().from(get().db.tables.messages)).filter(({ mailboxId }) => mailboxId === id)
  const journeysOf = async (id: string) =>
    (await get().db.select().from(get().db.tables.journeys)).filter((journey) => journey.id === id)

  it('a message partly in memory, partly on disk becomes one blob with an index, and rows in each mailbox', async () => {
    const [one, two] = [await newMailbox(), await newMailbox()]
    const message = await prepared(one, two)
    expect((await blobs.read(message.blobKey)).toString()).toBe(HEADER.toString() + BODY)
    expect(message).toMatchObject({ size: HEADER.length + BODY.length, index: { subject: 'Hello', parseError: null } })
    expect(await intake.store(message)).toEqual({ failure: null })
    for (const mailbox of [one, two]) {
      const { blobKey, size, sha256 } = message
      expect(await rowsIn(mailbox)).toMatchObject([{ blobKey, size, sha256, fromAddress: 'ann@example.org' }])
    }
    expect(await blobs.has(message.blobKey)).toBe(true)
  })

  it.each<[StoreFailure, (mailbox: MailboxRow) => Promise<unknown>]>([
    ['no_mailbox', (mailbox) => deleteMailboxRow(get().db, mailbox, mailbox.id)],
    ['suspended', (mailbox) => updateMailboxRow(get().db, mailbox, mailbox.id, { status: 'suspended' })],
    ['too_large', (mailbox) => updateMailboxRow(get().db, mailbox, mailbox.id, { quotaBytes: 10 })],
    [
      'over_quota',
      async (mailbox) => {
        const before = await prepared(mailbox)
        await intake.store(before)
        await updateMailboxRow(get().db, mailbox, mailbox.id, { quotaBytes: before.size })
      },
    ],
  ])('a message that is not stored says why (%s), and leaves neither object nor journey', async (failure, change) => {
    const mailbox = await newMailbox()
    const message = await prepared(mailbox)
    await change(mailbox)
    expect(await intake.store(message)).toEqual({ failure })
    expect(await blobs.has(message.blobKey)).toBe(false)
    expect(await journeysOf(message.journey.id)).toEqual([])
  })

  it('failing to remove the blob of a refused message is not an error', async () => {
    const mailbox = await newMailbox({ quotaBytes: 10 })
    const message = await prepared(mailbox)
    const remove = vi.spyOn(blobs, 'delete').mockRejectedValueOnce(new BlobStoreError('EIO'))
    expect(await intake.store(message)).toEqual({ failure: 'too_large' })
    remove.mockRestore()
  })

  it('a blob whose rows may have been written stays when the database fails', async () => {
    const message = await prepared(await newMailbox())
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    const transaction = vi.spyOn(get().db, 'transaction').mockRejectedValueOnce(full)
    await expect(intake.store(message)).rejects.toSatisfy(isOutOfSpace)
    transaction.mockRestore()
    expect(await blobs.has(message.blobKey)).toBe(true)
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
  ])('%s is thrown when the index is read too, and known for want of space or not', async (error, outOfSpace) => {
    let reading = true
    const indexer = createMessageIndexer()
    const intake = createIntake({
      database: { db: {}, changes: {}, dialect: 'sqlite' } as never,
      blobs: { ...memoryBlobStore(), put: () => Promise.reject(error) },
      indexer: { ...indexer, index: (parts) => indexer.index(parts).finally(() => (reading = false)) },
      log: silentLog,
    })
    const thrown = await intake.prepare([HEADER], new Date()).catch((caught: unknown) => caught)
    expect([thrown, reading, isOutOfSpace(thrown)]).toEqual([error, false, outOfSpace])
    await indexer.close()
  })
})
