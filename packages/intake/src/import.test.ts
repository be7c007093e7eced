import { tenantScope } from '@mairust/db/queries/scope'
import { type BlobStore, memoryBlobStore } from '@mairust/db/blob'
import { deleteMailboxRow, findMailbox, type MailboxRow } from '@mairust/db/queries/mailbox'
import { listFolders } from '@mairust/db/queries/folder'
import { makeMailbox, makeScope, withDatabases } from '@mairust/db/testing'
import { describe, expect, it } from 'vitest'
import { inBatches } from './batches.ts'
import { type ImportedBatch, type ImportMessage, importMessages, type ImportTarget } from './import.ts'
import { prepareMessages } from './prepare.ts'

const NOW = new Date('2026-01-02T03:04:05Z')
const none = { receivedAt: null, seen: false, starred: false, answered: false, draft: false }

const letter = (name: string, values: Partial<ImportMessage> = {}): ImportMessage => ({
  ...none,
  raw: Buffer.from(`From: Ann <ann@example.org>\r\nSubject: ${name}\r\n\r\n${'x'.repeat(100)}\r\n`),
  importKey: name,
  ...values,
})

// eslint-disable-next-line @typescript-eslint/require-await -- a source that is there at once
async function* from<M>(messages: readonly M[], failure?: Error): AsyncGenerator<M> {
  yield* messages
  if (failure !== undefined) throw failure
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const each of source) found.push(each)
  return found
}

withDatabases((get) => {
  const blobs: BlobStore = memoryBlobStore()
  /** Reads messages in this thread; one with this subject cannot be read. */
  const preparer = {
    prepare: async (raws: readonly Uint8Array[]) =>
      (await prepareMessages(blobs, raws, NOW)).map((made) => (made.index.subject === 'broken' ? null : made)),
  }
  const newMailbox = async (): Promise<MailboxRow> =>
    makeMailbox(get().db, await makeScope(get().db), { quotaBytes: 10 })
  const start = (
    { tenantId, id: mailboxId, address }: MailboxRow,
    messages: AsyncIterable<ImportMessage>,
    placeFor: ImportTarget<ImportMessage>['placeFor'] = () => Promise.resolve({}),
  ) => {
    const target = { tenantId, mailboxId, address, importedBy: 'a test', placeFor }
    return importMessages({ database: get(), preparer, now: () => NOW }, target, messages)
  }
  const run = (...given: Parameters<typeof start>): Promise<ImportedBatch<ImportMessage>[]> => all(start(...given))
  const rowsIn = async ({ id }: MailboxRow) =>
    (await get().db.select().from(get().db.tables.messages)).filter(({ mailboxId }) => mailboxId === id)

  it('messages are stored regardless of quota, with flags, dates, folder, and a journey that says who imported them', async () => {
    const mailbox = await newMailbox()
    const at = new Date('2020-05-06T07:08:09Z')
    const [one, two] = [letter('one', { receivedAt: at, seen: true, starred: true }), letter('two')]
    const bytes = one.raw.length + two.raw.length
    const batches = await run(mailbox, from([one, two]), () => Promise.resolve({ folderRole: 'archive' }))
    expect(batches).toEqual([{ imported: 2, alreadyThere: 0, unreadable: [], bytes }])
    const rows = (await rowsIn(mailbox)).sort((a, b) => a.seq - b.seq)
    expect(rows).toMatchObject([
      { subject: 'one', seen: true, starred: true, receivedAt: at, importKey: 'one' },
      { subject: 'two', seen: false, starred: false, receivedAt: NOW, importKey: 'two' },
    ])
    const archive = (await listFolders(get().db, tenantScope(mailbox.tenantId), mailbox.id)).find(
      ({ role }) => role === 'archive',
    )
    expect(archive).toMatchObject({ total: 2, unseen: 1 })
    expect((await findMailbox(get().db, tenantScope(mailbox.tenantId), mailbox.id))?.usedBytes).toBe(bytes)
    const journeys = await get().db.select().from(get().db.tables.journeys)
    const journey = journeys.find(({ id }) => id === rows[0]?.journeyId)
    expect(journey).toMatchObject({ direction: 'internal', status: 'accepted', reply: 'imported' })
    expect(journey?.steps).toMatchObject([{ kind: 'store', detail: 'a test' }])
  })

  it('messages that are already there or cannot be read are left out, and no place is requested for them', async () => {
    const mailbox = await newMailbox()
    await run(mailbox, from([letter('one')]))
    const placed: string[] = []
    const broken = letter('broken')
    const batches = await run(mailbox, from([letter('one'), broken, letter('two')]), (message) => {
      placed.push(message.importKey)
      return Promise.resolve({})
    })
    expect(batches).toMatchObject([{ imported: 1, alreadyThere: 1, unreadable: [broken] }])
    expect(placed).toEqual(['two'])
    expect(await rowsIn(mailbox)).toHaveLength(2)
  })

  it('an import that is abandoned or whose source fails keeps what was committed, and the next continues from there', async () => {
    const mailbox = await newMailbox()
    const many = Array.from({ length: 1300 }, (_, n) => letter(String(n)))
    for await (const batch of start(mailbox, from(many))) {
      expect(batch.imported).toBe(512)
      break
    }
    expect(await rowsIn(mailbox)).toHaveLength(512)
    await expect(run(mailbox, from(many.slice(0, 1100), new Error('damaged')))).rejects.toThrow('damaged')
    const kept = (await rowsIn(mailbox)).length
    expect(kept).toBe(1024)
    const sum = (batches: ImportedBatch<ImportMessage>[], of: 'imported' | 'alreadyThere') =>
      batches.reduce((total, batch) => total + batch[of], 0)
    const rest = await run(mailbox, from(many))
    expect([sum(rest, 'alreadyThere'), sum(rest, 'imported')]).toEqual([1024, 276])
    expect(await rowsIn(mailbox)).toHaveLength(1300)
  })

  it('an import stops with a reason when its mailbox is removed or another import adds the same messages', async () => {
    const mailbox = await newMailbox()
    const twice = run(mailbox, from([letter('same'), letter('same')]))
    await expect(twice).rejects.toMatchObject({ reason: 'concurrent_import' })
    await deleteMailboxRow(get().db, tenantScope(mailbox.tenantId), mailbox.id)
    await expect(run(mailbox, from([letter('late')]))).rejects.toMatchObject({ reason: 'no_mailbox' })
  })
})

describe('a batch', () => {
  it('ends before it holds too much; a large message gets its own', async () => {
    const of = (size: number) => ({ raw: Buffer.alloc(size) })
    const MIB = 1024 * 1024
    const sizes = [10 * MIB, 5 * MIB, 5 * MIB, 40 * MIB, 1].map(of)
    const batches = await all(inBatches(from(sizes)))
    expect(batches.map((batch) => batch.map(({ raw }) => raw.length))).toEqual([
      [10 * MIB, 5 * MIB],
      [5 * MIB],
      [40 * MIB],
      [1],
    ])
  })
})
