import { tenantScope } from './scope.ts'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { makeItem, makeObject, withDatabases } from '../testing/index.ts'
import { receiving } from '../testing/receiving.ts'
import { findMailbox, updateMailboxRow } from './mailbox.ts'

withDatabases((get) => {
  const { accept, messagesOf, newMailbox } = receiving(get)

  describe('a mailbox that accepts no mail', () => {
    it('gets none that was in transit when it was suspended or its removal began', async () => {
      const box = await newMailbox()
      const set = (status: 'suspended' | 'removing') =>
        get().db.transaction((tx) =>
          updateMailboxRow(tx, tenantScope(box.tenantId), box.id, { status, updatedAt: new Date() }),
        )
      await set('suspended')
      expect((await accept([makeItem(box)])).failures).toMatchObject([{ reason: 'suspended', mailboxId: box.id }])
      expect((await accept([makeItem(box, { beyondQuota: Infinity })])).failures).toEqual([])
      await set('removing')
      expect((await accept([makeItem(box)])).failures).toMatchObject([{ reason: 'no_mailbox' }])
      expect((await accept([makeItem(box, { beyondQuota: Infinity })])).failures).toMatchObject([
        { reason: 'no_mailbox' },
      ])
      expect(await messagesOf(box)).toHaveLength(1)
    })
  })

  describe('quota', () => {
    it('is exceeded by at most one message, however many senders there are', async () => {
      const box = await newMailbox(2500)
      const results = await Promise.all(Array.from({ length: 20 }, () => accept([makeItem(box, { size: 1000 })])))
      const refused = results.flatMap(({ failures }) => failures)
      expect(refused).toHaveLength(17)
      expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['over_quota']))
      expect((await findMailbox(get().db, tenantScope(box.tenantId), box.id))?.usedBytes).toBe(3000)
      expect(await messagesOf(box)).toHaveLength(3)
    })

    it('applies within a batch too, and refuses only what it must', async () => {
      const [box, free] = [await newMailbox(1500), await newMailbox()]
      const items = [makeItem(box), makeItem(free), makeItem(box), makeItem(box), makeItem(free)]
      const { failures } = await accept(items)
      expect(failures).toEqual([{ index: 3, reason: 'over_quota', mailboxId: box.id }])
      expect(await messagesOf(free)).toHaveLength(2)
      const { journeys } = get().db.tables
      expect(await get().db.$count(journeys, eq(journeys.id, items[3]?.journey.id ?? ''))).toBe(0)
    })

    it('refuses a message larger than the quota, but imports it', async () => {
      const box = await newMailbox(999)
      expect((await accept([makeItem(box)])).failures).toMatchObject([{ reason: 'too_large' }])
      expect((await accept([makeItem(box, { beyondQuota: Infinity })])).failures).toEqual([])
    })

    it('may be exceeded by so much and no more, by what says so', async () => {
      const box = await newMailbox(1000)
      const report = () => accept([makeItem(box, { size: 1000, beyondQuota: 2000 })])
      for (let at = 0; at < 3; at += 1) expect((await report()).failures).toEqual([])
      expect((await report()).failures).toMatchObject([{ reason: 'over_quota', mailboxId: box.id }])
      expect((await accept([makeItem(box, { size: 3001, beyondQuota: 2000 })])).failures).toMatchObject([
        { reason: 'too_large' },
      ])
    })

    it.each([
      ['full', 1000],
      ['smaller than the message', 999],
    ])('of a mailbox that is %s never refuses the copy of another: both accept it', async (_, quota) => {
      const [full, free] = [await newMailbox(quota), await newMailbox()]
      await accept([makeItem(full, { beyondQuota: Infinity })])
      const item = { ...makeItem(free), objects: [makeObject(full), makeObject(free)] }
      expect((await accept([item])).failures).toEqual([])
      expect([await messagesOf(free), await messagesOf(full)]).toMatchObject([[{}], [{}, {}]])
      expect((await findMailbox(get().db, tenantScope(full.tenantId), full.id))?.usedBytes).toBe(2000)
    })

    it('refuses a message to several when none has room, permanently only when all are too small', async () => {
      const [full, small] = [await newMailbox(1000), await newMailbox(999)]
      await accept([makeItem(full)])
      const item = (...boxes: (typeof full)[]) => ({
        ...makeItem(full),
        objects: boxes.map((box) => makeObject(box)),
      })
      const { failures } = await accept([item(small, full), item(small, small)])
      expect(failures).toEqual([
        { index: 0, reason: 'over_quota', mailboxId: full.id },
        { index: 1, reason: 'too_large', mailboxId: small.id },
      ])
      expect([await messagesOf(small), await messagesOf(full)]).toMatchObject([[], [{}]])
    })

    it('stores no copy when the mailbox of another is gone: the next attempt learns of it', async () => {
      const [gone, free] = [await newMailbox(), await newMailbox()]
      const item = { ...makeItem(free), objects: [makeObject(free), makeObject({ ...gone, id: 'mbx_gone' })] }
      expect((await accept([item])).failures).toMatchObject([{ reason: 'no_mailbox', mailboxId: 'mbx_gone' }])
      expect(await messagesOf(free)).toEqual([])
    })
  })
})
