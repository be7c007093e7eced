import { and, asc, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { makeItem, makeMailbox, makeMessage, makeTenant, withDatabases } from '../testing/index.ts'
import { SYSTEM_TENANT } from '../schema/tenant.ts'
import { type AcceptItem, acceptMessages, recordJourneys } from './accept.ts'
import { deleteMailboxRow, findMailbox } from './mailbox.ts'
import { removeMessages } from './message-removal.ts'
import { listFolders } from './folder.ts'

withDatabases((get) => {
  const newMailbox = async (quotaBytes: number | null = null) => {
    const scope = { tenantId: (await makeTenant(get().db)).id }
    return makeMailbox(get().db, scope, { quotaBytes })
  }
  const accept = (items: AcceptItem[]) => get().db.transaction((tx) => acceptMessages(tx, items, get().changes))
  const messagesOf = (mailbox: { tenantId: string; id: string }) => {
    const { messages } = get().db.tables
    return get()
      .db.select()
      .from(messages)
      .where(and(eq(messages.tenantId, mailbox.tenantId), eq(messages.mailboxId, mailbox.id)))
      .orderBy(asc(messages.seq))
  }
  const inboxOf = async (mailbox: { tenantId: string; id: string }) =>
    (await listFolders(get().db, mailbox, mailbox.id)).find(({ role }) => role === 'inbox')

  describe('a batch', () => {
    it('stores each message with its counts, its journey and its bytes', async () => {
      const [a, b] = [await newMailbox(), await newMailbox()]
      const items = [
        makeItem(a, { size: 100 }),
        makeItem(a, { size: 10, copy: { seen: true } }),
        makeItem(b, {
          size: 1,
          spamScore: 2.5,
          authentication: { spf: 'pass', dkim: 'none', dmarc: 'none', arc: 'none' },
        }),
      ]
      expect(await accept(items)).toEqual({ failures: [] })
      expect(await inboxOf(a)).toMatchObject({ total: 2, unseen: 1 })
      expect(await inboxOf(b)).toMatchObject({ total: 1, unseen: 1 })
      expect((await findMailbox(get().db, a, a.id))?.usedBytes).toBe(110)
      const [first, second] = await messagesOf(a)
      expect(first).toMatchObject({ id: items[0]?.copies[0]?.messageId, size: 100, seen: false, subject: 'A subject' })
      expect(second?.seq).toBeGreaterThan(first?.seq ?? 0)
      expect(await messagesOf(b)).toMatchObject([{ spamScore: 2.5, authentication: { spf: 'pass' } }])
      const { journeys } = get().db.tables
      const stored = await get().db.select().from(journeys).where(eq(journeys.tenantId, a.tenantId))
      expect(stored.map(({ id }) => id).sort()).toEqual([items[0]?.journey.id, items[1]?.journey.id].sort())
    })

    it('puts copies where they are to go', async () => {
      const box = await newMailbox()
      const folders = await listFolders(get().db, box, box.id)
      const archive = folders.find(({ role }) => role === 'archive')?.id ?? ''
      await accept([
        makeItem(box, { copy: { folderRole: 'junk' } }),
        makeItem(box, { copy: { folderId: archive } }),
        makeItem(box),
      ])
      const counts = new Map((await listFolders(get().db, box, box.id)).map(({ role, total }) => [role, total]))
      expect(counts.get('junk')).toBe(1)
      expect(counts.get('archive')).toBe(1)
      expect(counts.get('inbox')).toBe(1)
    })

    it('throws for a folder of another mailbox, and leaves nothing', async () => {
      const [box, other] = [await newMailbox(), await newMailbox()]
      const folderId = (await inboxOf(other))?.id
      await expect(accept([makeItem(box), makeItem(box, { copy: { folderId } })])).rejects.toThrow('no folder')
      expect(await messagesOf(box)).toEqual([])
      expect((await findMailbox(get().db, box, box.id))?.usedBytes).toBe(0)
    })

    it('throws for a message that is there already, and leaves nothing', async () => {
      const box = await newMailbox()
      const { item } = await makeMessage(get(), box)
      await expect(accept([makeItem(box), item])).rejects.toThrow()
      expect(await messagesOf(box)).toHaveLength(1)
    })

    it('names the item whose mailbox is gone and stores the others', async () => {
      const [box, gone] = [await newMailbox(), await newMailbox()]
      await deleteMailboxRow(get().db, gone, gone.id)
      const { failures } = await accept([makeItem(gone), makeItem(box)])
      expect(failures).toEqual([{ index: 0, reason: 'no_mailbox', mailboxId: gone.id }])
      expect(await messagesOf(box)).toHaveLength(1)
    })

    it('never takes a mailbox of another tenant', async () => {
      const [box, other] = [await newMailbox(), await newMailbox()]
      const { failures } = await accept([makeItem({ tenantId: other.tenantId, id: box.id })])
      expect(failures).toMatchObject([{ reason: 'no_mailbox' }])
    })

    it('tells who watches the mailbox', async () => {
      const box = await newMailbox()
      const told: string[] = []
      const stop = get().changes.subscribe(`mailbox:${box.id}`, (topic) => told.push(topic))
      await accept([makeItem(box), makeItem(box)])
      await expect.poll(() => told).toEqual([`mailbox:${box.id}`])
      stop()
    })
  })

  describe('quota', () => {
    it('is exceeded by one message at most, however many senders there are', async () => {
      const box = await newMailbox(2500)
      const results = await Promise.all(Array.from({ length: 20 }, () => accept([makeItem(box, { size: 1000 })])))
      const refused = results.flatMap(({ failures }) => failures)
      expect(refused).toHaveLength(17)
      expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['over_quota']))
      expect((await findMailbox(get().db, box, box.id))?.usedBytes).toBe(3000)
      expect(await messagesOf(box)).toHaveLength(3)
    })

    it('holds inside a batch too, and refuses only what it must', async () => {
      const [box, free] = [await newMailbox(1500), await newMailbox()]
      const items = [makeItem(box), makeItem(free), makeItem(box), makeItem(box), makeItem(free)]
      const { failures } = await accept(items)
      expect(failures).toEqual([{ index: 3, reason: 'over_quota', mailboxId: box.id }])
      expect(await messagesOf(free)).toHaveLength(2)
      const { journeys } = get().db.tables
      expect(await get().db.$count(journeys, eq(journeys.id, items[3]?.journey.id ?? ''))).toBe(0)
    })

    it('refuses a message that is larger than all of it, and imports regardless', async () => {
      const box = await newMailbox(999)
      expect((await accept([makeItem(box)])).failures).toMatchObject([{ reason: 'too_large' }])
      expect((await accept([makeItem(box, { ignoreQuota: true })])).failures).toEqual([])
    })

    it('stores nothing of a message to several when one is full', async () => {
      const [full, free] = [await newMailbox(1000), await newMailbox()]
      await accept([makeItem(full)])
      const item = makeItem(free)
      item.copies.push(...makeItem(full).copies)
      expect((await accept([item])).failures).toMatchObject([{ reason: 'over_quota', mailboxId: full.id }])
      expect(await messagesOf(free)).toEqual([])
    })
  })

  describe('threads', () => {
    const threadsOf = async (box: { tenantId: string; id: string }) =>
      (await messagesOf(box)).map(({ threadId }) => threadId)

    it('ties an answer to what it answers, stored before or in the same batch', async () => {
      const box = await newMailbox()
      await makeMessage(get(), box, { index: { messageId: 'one@x', subject: 'First' } })
      const at = new Date(Date.now() + 60_000)
      await accept([
        makeItem(box, { index: { messageId: 'two@x', inReplyTo: 'one@x' } }),
        makeItem(box, { index: { messageId: 'three@x', references: ['one@x', 'two@x'] }, copy: { receivedAt: at } }),
        makeItem(box, { index: { messageId: 'alone@x' } }),
      ])
      const [one, two, three, alone] = await threadsOf(box)
      expect([two, three]).toEqual([one, one])
      expect(alone).not.toBe(one)
      const { threads } = get().db.tables
      const [thread] = await get()
        .db.select()
        .from(threads)
        .where(eq(threads.id, one ?? ''))
      expect(thread).toMatchObject({ messageCount: 3, subject: 'First' })
      expect(thread?.lastMessageAt).toEqual(at)
    })

    it('ties a message to the answers that came before it, stored or in the same batch', async () => {
      const box = await newMailbox()
      await makeMessage(get(), box, { index: { messageId: 'c@late', references: ['a@late', 'b@late'] } })
      await makeMessage(get(), box, { index: { messageId: 'd@late', inReplyTo: 'b@late' } })
      await accept([
        makeItem(box, { index: { messageId: 'b@late', inReplyTo: 'a@late' } }),
        makeItem(box, { index: { messageId: 'y@late', inReplyTo: 'x@late' } }),
        makeItem(box, { index: { messageId: 'x@late' } }),
      ])
      await makeMessage(get(), box, { index: { messageId: 'a@late', subject: 'First' } })
      const [c, d, b, y, x, a] = await threadsOf(box)
      expect([d, b, a]).toEqual([c, c, c])
      expect([x, y]).toEqual([y, y])
      expect(x).not.toBe(c)
      const { threads } = get().db.tables
      const counts = await get()
        .db.select({ n: threads.messageCount })
        .from(threads)
        .where(eq(threads.mailboxId, box.id))
      expect(counts.map(({ n }) => n).sort()).toEqual([2, 4])
    })

    it('waits for nothing when the thread is gone', async () => {
      const box = await newMailbox()
      const { id } = await makeMessage(get(), box, { index: { messageId: 'two@gone', inReplyTo: 'one@gone' } })
      const { db } = get()
      await db.transaction(async (tx) => {
        const rows = await tx.select().from(tx.tables.messages).where(eq(tx.tables.messages.id, id))
        await removeMessages(tx, rows)
      })
      expect(await db.$count(db.tables.awaitedHeaders, eq(db.tables.awaitedHeaders.mailboxId, box.id))).toBe(0)
      await makeMessage(get(), box, { index: { messageId: 'one@gone' } })
      expect(await threadsOf(box)).toHaveLength(1)
    })

    it('ties a second copy of the same message to the first', async () => {
      const box = await newMailbox()
      await accept([
        makeItem(box, { index: { messageId: 'same@x' } }),
        makeItem(box, { index: { messageId: 'same@x' } }),
      ])
      expect(new Set(await threadsOf(box)).size).toBe(1)
    })

    it('never ties across mailboxes', async () => {
      const [a, b] = [await newMailbox(), await newMailbox()]
      await makeMessage(get(), a, { index: { messageId: 'one@y' } })
      await makeMessage(get(), b, { index: { inReplyTo: 'one@y' } })
      expect((await threadsOf(a))[0]).not.toBe((await threadsOf(b))[0])
    })

    it('finds Message-IDs of any length, and stands thousands of references', async () => {
      const box = await newMailbox()
      const long = `${'x'.repeat(900)}@x`
      const references = Array.from({ length: 3000 }, (_, at) => `${at}@many`)
      await accept([
        makeItem(box, { index: { messageId: long } }),
        makeItem(box, { index: { inReplyTo: long, references } }),
      ])
      expect(new Set(await threadsOf(box)).size).toBe(1)
    })
  })

  describe('journeys', () => {
    it('give each tenant its own recipients and steps only', async () => {
      const [a, b] = [await newMailbox(), await newMailbox()]
      const { journey } = makeItem(a)
      const step = (name: string, at: string) => ({ at, ms: 1, kind: 'rcpt', name, result: 'ok', detail: '' }) as const
      const fate = (box: { tenantId: string }, address: string, status: 'accepted' | 'refused') => ({
        tenantId: box.tenantId,
        address,
        status,
        reply: 'r',
        steps: [step(address, '2026-01-01T00:00:02Z')],
      })
      const steps = [step('mail', '2026-01-01T00:00:01Z'), step('data', '2026-01-01T00:00:03Z')]
      const recipients = [fate(a, 'a@x', 'accepted'), fate(b, 'b@x', 'refused'), fate(a, 'a@x', 'accepted')]
      await get().db.transaction((tx) => recordJourneys(tx, [{ ...journey, status: 'partial', steps, recipients }]))
      const { journeys, journeyRecipients } = get().db.tables
      const rows = await get().db.select().from(journeys).where(eq(journeys.id, journey.id))
      const ofA = rows.find(({ tenantId }) => tenantId === a.tenantId)
      expect(ofA).toMatchObject({ status: 'accepted', recipients: ['a@x'] })
      expect(ofA?.steps.map(({ name }) => name)).toEqual(['mail', 'a@x', 'data'])
      expect(rows.find(({ tenantId }) => tenantId === b.tenantId)).toMatchObject({ status: 'refused' })
      expect(rows).toHaveLength(2)
      expect(await get().db.$count(journeyRecipients, eq(journeyRecipients.journeyId, journey.id))).toBe(2)
    })

    it('are kept for transactions without any recipient', async () => {
      const { journey } = makeItem(await newMailbox())
      await get().db.transaction((tx) => recordJourneys(tx, [{ ...journey, status: 'aborted', recipients: [] }]))
      const { journeys } = get().db.tables
      const rows = await get().db.select().from(journeys).where(eq(journeys.id, journey.id))
      expect(rows).toMatchObject([{ tenantId: SYSTEM_TENANT, status: 'aborted', recipients: [] }])
    })
  })

  it('stores a large batch, to many mailboxes, beside others that do the same', async () => {
    const scope = { tenantId: (await makeTenant(get().db)).id }
    const boxes = await Promise.all(Array.from({ length: 8 }, () => makeMailbox(get().db, scope)))
    const batch = () => boxes.flatMap((box) => Array.from({ length: 8 }, () => makeItem(box)))
    await Promise.all([batch(), batch().reverse(), batch(), batch().reverse()].map((items) => accept(items)))
    for (const box of boxes) {
      expect(await messagesOf(box)).toHaveLength(32)
      expect(await inboxOf(box)).toMatchObject({ total: 32, unseen: 32 })
      expect((await findMailbox(get().db, box, box.id))?.usedBytes).toBe(32_000)
    }
  })
})
