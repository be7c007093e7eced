import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { createApartId } from '../id.ts'
import { makeItem, makeMessage, withDatabases } from '../testing/index.ts'
import { receiving } from '../testing/receiving.ts'
import { removeMessages } from './message-removal.ts'

withDatabases((get) => {
  const { accept, messagesOf, newMailbox } = receiving(get)

  describe('threads', () => {
    const threadsOf = async (box: { tenantId: string; id: string }) =>
      (await messagesOf(box)).map(({ threadId }) => threadId)

    it('of the copies of a message have ids of one time, that of the message, however many copies lie between', async () => {
      const boxes = await Promise.all(Array.from({ length: 20 }, () => newMailbox()))
      const receivedAt = new Date('2026-01-02T03:04:05.678Z')
      const references = Array.from({ length: 100 }, (_, at) => `${at}${'x'.repeat(200)}@apart`)
      await accept(
        boxes.map((box) => makeItem(box, { index: { messageId: 'apart@x', references }, copy: { receivedAt } })),
      )
      const ids = (await Promise.all(boxes.map(threadsOf))).flat()
      expect(new Set(ids).size).toBe(boxes.length)
      const time = createApartId('thr', receivedAt).slice(0, 'thr_'.length + 10)
      expect(new Set(ids.map((id) => id.slice(0, time.length)))).toEqual(new Set([time]))
    })

    it('links a reply to its parent, stored before or in the same batch', async () => {
      const box = await newMailbox()
      await makeMessage(get(), box, { index: { messageId: 'one@x', subject: 'First' } })
      const at = new Date(Date.now() + 60_000)
      await accept([
        makeItem(box, { index: { messageId: 'two@x', inReplyTo: ['one@x'] } }),
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

    it('links a message to replies that arrived before it, stored or in the same batch', async () => {
      const box = await newMailbox()
      await makeMessage(get(), box, { index: { messageId: 'c@late', references: ['a@late', 'b@late'] } })
      await makeMessage(get(), box, { index: { messageId: 'd@late', inReplyTo: ['b@late'] } })
      await accept([
        makeItem(box, { index: { messageId: 'b@late', inReplyTo: ['a@late'] } }),
        makeItem(box, { index: { messageId: 'y@late', inReplyTo: ['x@late'] } }),
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

    it('awaits nothing once the thread is gone', async () => {
      const box = await newMailbox()
      const { id } = await makeMessage(get(), box, { index: { messageId: 'two@gone', inReplyTo: ['one@gone'] } })
      const { db } = get()
      await db.transaction(async (tx) => {
        const rows = await tx.select().from(tx.tables.messages).where(eq(tx.tables.messages.id, id))
        await removeMessages(tx, rows)
      })
      expect(await db.$count(db.tables.awaitedHeaders, eq(db.tables.awaitedHeaders.mailboxId, box.id))).toBe(0)
      await makeMessage(get(), box, { index: { messageId: 'one@gone' } })
      expect(await threadsOf(box)).toHaveLength(1)
    })

    it('links a second copy of the same message to the first', async () => {
      const box = await newMailbox()
      await accept([
        makeItem(box, { index: { messageId: 'same@x' } }),
        makeItem(box, { index: { messageId: 'same@x' } }),
      ])
      expect(new Set(await threadsOf(box)).size).toBe(1)
    })

    it('never links across mailboxes', async () => {
      const [a, b] = [await newMailbox(), await newMailbox()]
      await makeMessage(get(), a, { index: { messageId: 'one@y' } })
      await makeMessage(get(), b, { index: { inReplyTo: ['one@y'] } })
      expect((await threadsOf(a))[0]).not.toBe((await threadsOf(b))[0])
    })

    it('finds Message-IDs of any length, and withstands thousands of references', async () => {
      const box = await newMailbox()
      const long = `${'x'.repeat(900)}@x`
      const references = Array.from({ length: 3000 }, (_, at) => `${at}@many`)
      await accept([
        makeItem(box, { index: { messageId: long } }),
        makeItem(box, { index: { inReplyTo: [long], references } }),
      ])
      expect(new Set(await threadsOf(box)).size).toBe(1)
    })
  })
})
