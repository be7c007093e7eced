import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { makeItem, withDatabases } from '../testing/index.ts'
import { receiving } from '../testing/receiving.ts'
import { findMailbox, updateMailboxRow } from './mailbox.ts'

withDatabases((get) => {
  const { accept, messagesOf, newMailbox } = receiving(get)

  describe('a mailbox that takes no mail', () => {
    it('gets none that was on its way when it was suspended or its removal began', async () => {
      const box = await newMailbox()
      const set = (status: 'suspended' | 'removing') =>
        get().db.transaction((tx) => updateMailboxRow(tx, box, box.id, { status, updatedAt: new Date() }))
      await set('suspended')
      expect((await accept([makeItem(box)])).failures).toMatchObject([{ reason: 'suspended', mailboxId: box.id }])
      expect((await accept([makeItem(box, { ignoreQuota: true })])).failures).toEqual([])
      await set('removing')
      expect((await accept([makeItem(box)])).failures).toMatchObject([{ reason: 'no_mailbox' }])
      expect((await accept([makeItem(box, { ignoreQuota: true })])).failures).toMatchObject([{ reason: 'no_mailbox' }])
      expect(await messagesOf(box)).toHaveLength(1)
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
})
