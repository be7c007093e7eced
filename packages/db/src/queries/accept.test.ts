import { tenantScope } from './scope.ts'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { mailboxTopic } from '../changes/topics.ts'
import { makeItem, makeMailbox, makeMessage, makeObject, makeScope, withDatabases } from '../testing/index.ts'
import { receiving } from '../testing/receiving.ts'
import { listFolders } from './folder.ts'
import { deleteMailboxRow, findMailbox } from './mailbox.ts'

withDatabases((get) => {
  const { accept, inboxOf, messagesOf, newMailbox } = receiving(get)

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
      expect((await findMailbox(get().db, tenantScope(a.tenantId), a.id))?.usedBytes).toBe(110)
      const [first, second] = await messagesOf(a)
      expect(first).toMatchObject({
        id: items[0]?.objects[0]?.copies[0]?.messageId,
        size: 100,
        seen: false,
        subject: 'A subject',
      })
      expect(second?.seq).toBeGreaterThan(first?.seq ?? 0)
      expect(await messagesOf(b)).toMatchObject([{ spamScore: 2.5, authentication: { spf: 'pass' } }])
      const { journeys } = get().db.tables
      const stored = await get().db.select().from(journeys).where(eq(journeys.tenantId, a.tenantId))
      expect(stored.map(({ id }) => id).sort()).toEqual([items[0]?.journey.id, items[1]?.journey.id].sort())
    })

    it('puts copies into their folders', async () => {
      const box = await newMailbox()
      const folders = await listFolders(get().db, tenantScope(box.tenantId), box.id)
      const archive = folders.find(({ role }) => role === 'archive')?.id ?? ''
      await accept([
        makeItem(box, { copy: { folderRole: 'junk' } }),
        makeItem(box, { copy: { folderId: archive } }),
        makeItem(box),
      ])
      const counts = new Map(
        (await listFolders(get().db, tenantScope(box.tenantId), box.id)).map(({ role, total }) => [role, total]),
      )
      expect(counts.get('junk')).toBe(1)
      expect(counts.get('archive')).toBe(1)
      expect(counts.get('inbox')).toBe(1)
    })

    it('throws for a folder of another mailbox, and leaves nothing', async () => {
      const [box, other] = [await newMailbox(), await newMailbox()]
      const folderId = (await inboxOf(other))?.id
      await expect(accept([makeItem(box), makeItem(box, { copy: { folderId } })])).rejects.toThrow('no folder')
      expect(await messagesOf(box)).toEqual([])
      expect((await findMailbox(get().db, tenantScope(box.tenantId), box.id))?.usedBytes).toBe(0)
    })

    it('throws for an object shared by two tenants, and leaves nothing', async () => {
      const [box, other] = [await newMailbox(), await newMailbox()]
      const object = makeObject(box)
      object.copies.push(...makeObject(other).copies)
      await expect(accept([{ ...makeItem(box), objects: [object] }])).rejects.toThrow('one tenant')
      expect(await messagesOf(box)).toEqual([])
    })

    it('throws for a message that already exists, and leaves nothing', async () => {
      const box = await newMailbox()
      const { item } = await makeMessage(get(), box)
      await expect(accept([makeItem(box), item])).rejects.toThrow()
      expect(await messagesOf(box)).toHaveLength(1)
    })

    it('reports the item whose mailbox is gone and stores the others', async () => {
      const [box, gone] = [await newMailbox(), await newMailbox()]
      await deleteMailboxRow(get().db, tenantScope(gone.tenantId), gone.id)
      const { failures } = await accept([makeItem(gone), makeItem(box)])
      expect(failures).toEqual([{ index: 0, reason: 'no_mailbox', mailboxId: gone.id }])
      expect(await messagesOf(box)).toHaveLength(1)
    })

    it('never uses a mailbox of another tenant', async () => {
      const [box, other] = [await newMailbox(), await newMailbox()]
      const { failures } = await accept([makeItem({ tenantId: other.tenantId, id: box.id })])
      expect(failures).toMatchObject([{ reason: 'no_mailbox' }])
    })

    it('notifies subscribers of the mailbox', async () => {
      const box = await newMailbox()
      const told: string[] = []
      const stop = get().changes.subscribe(mailboxTopic(box.tenantId, box.id), (topic) => told.push(topic))
      await accept([makeItem(box), makeItem(box)])
      await expect.poll(() => told).toEqual([mailboxTopic(box.tenantId, box.id)])
      stop()
    })
  })

  it('stores a large batch to many mailboxes, concurrently with others', async () => {
    const scope = await makeScope(get().db)
    const boxes = await Promise.all(Array.from({ length: 8 }, () => makeMailbox(get().db, scope)))
    const batch = () => boxes.flatMap((box) => Array.from({ length: 8 }, () => makeItem(box)))
    await Promise.all([batch(), batch().reverse(), batch(), batch().reverse()].map((items) => accept(items)))
    for (const box of boxes) {
      expect(await messagesOf(box)).toHaveLength(32)
      expect(await inboxOf(box)).toMatchObject({ total: 32, unseen: 32 })
      expect((await findMailbox(get().db, tenantScope(box.tenantId), box.id))?.usedBytes).toBe(32_000)
    }
  })
})
