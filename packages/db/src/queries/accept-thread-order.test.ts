import { repliedIdsOf } from '@mairust/mail-core/message'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { makeItem, withDatabases } from '../testing/index.ts'
import { receiving } from '../testing/receiving.ts'

/** A message: its id, its references, and the group it belongs to. */
type Mail = { id: string; inReplyTo?: string[]; references?: string[]; group: number }

const irt = (value: string): string[] => repliedIdsOf(value)

/** Small trees; `x…` are ids of messages that never arrive. */
const TREES: Record<string, Mail[]> = {
  'a chain by In-Reply-To': [
    { id: 'a', group: 1 },
    { id: 'b', inReplyTo: ['a'], group: 1 },
    { id: 'c', inReplyTo: ['b'], group: 1 },
    { id: 'd', inReplyTo: ['c'], group: 1 },
  ],
  'a tree by References': [
    { id: 'a', group: 1 },
    { id: 'b', references: ['a'], group: 1 },
    { id: 'c', references: ['a'], group: 1 },
    { id: 'd', references: ['a', 'b'], group: 1 },
  ],
  'siblings of a message that never arrives': [
    { id: 'a', inReplyTo: ['x1'], group: 1 },
    { id: 'b', references: ['x0', 'x1'], group: 1 },
    { id: 'c', inReplyTo: ['b'], group: 1 },
    { id: 'd', group: 2 },
  ],
  'two threads referenced by one message': [
    { id: 'a', group: 1 },
    { id: 'b', inReplyTo: ['a'], group: 1 },
    { id: 'c', group: 1 },
    { id: 'd', inReplyTo: ['b', 'c'], group: 1 },
  ],
  'In-Reply-To and References that differ': [
    { id: 'a', group: 1 },
    { id: 'b', group: 1 },
    { id: 'c', inReplyTo: ['a'], references: ['b'], group: 1 },
    { id: 'd', references: ['x2', 'x3'], group: 2 },
  ],
  'sentences in In-Reply-To': [
    { id: 'o1@a', group: 1 },
    { id: 'o9@a', inReplyTo: irt('Your message of Tue, 10 Nov 2026 from <boss@example.org>'), group: 2 },
    { id: 'o8@a', inReplyTo: irt('Your message of Wed from <boss@example.org>'), group: 3 },
    { id: 'o2@a', inReplyTo: irt('Message from Pat <pat@example.org> of "Tue, 10 Nov 2026" <o1@a>'), group: 1 },
  ],
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, at) =>
    permutations([...items.slice(0, at), ...items.slice(at + 1)]).map((rest) => [item, ...rest]),
  )
}

withDatabases((get) => {
  const { accept, messagesOf, newMailbox } = receiving(get)
  const itemOf = (box: { tenantId: string; id: string }, { id, inReplyTo, references }: Mail) =>
    makeItem(box, { index: { messageId: id, inReplyTo: inReplyTo ?? [], references: references ?? [], subject: id } })

  const expectGroups = async (box: { tenantId: string; id: string }, tree: readonly Mail[], order: string) => {
    const stored = await messagesOf(box)
    const threadOf = new Map(stored.map(({ messageIdHeader, threadId }) => [messageIdHeader, threadId]))
    for (const a of tree) {
      for (const b of tree) {
        const together = threadOf.get(a.id) === threadOf.get(b.id)
        expect(together, `${a.id} and ${b.id} of ${order}`).toBe(a.group === b.group)
      }
    }
    const { threads } = get().db.tables
    const rows = await get().db.select().from(threads).where(eq(threads.mailboxId, box.id))
    const counts = new Map(rows.map(({ id, messageCount }) => [id, messageCount]))
    expect(rows).toHaveLength(new Set(tree.map(({ group }) => group)).size)
    for (const { threadId } of stored) {
      expect(counts.get(threadId)).toBe(stored.filter((other) => other.threadId === threadId).length)
    }
  }

  describe('threads are the same in every order of arrival', () => {
    it.each(Object.entries(TREES))('%s', async (_name, tree) => {
      for (const order of permutations(tree)) {
        const box = await newMailbox()
        for (const mail of order) await accept([itemOf(box, mail)])
        await expectGroups(box, tree, order.map(({ id }) => id).join(' '))
      }
    })

    it.each(Object.entries(TREES))('in one batch: %s', async (_name, tree) => {
      for (const order of permutations(tree)) {
        const box = await newMailbox()
        await accept(order.map((mail) => itemOf(box, mail)))
        await expectGroups(box, tree, order.map(({ id }) => id).join(' '))
      }
    })

    it.each(Object.entries(TREES))('all at once: %s', async (_name, tree) => {
      const box = await newMailbox()
      await Promise.all(tree.toReversed().map((mail) => accept([itemOf(box, mail)])))
      await expectGroups(box, tree, 'all at once')
    })
  })

  it('merges two long threads, keeping the newest date and the Message-IDs that either awaits', async () => {
    const box = await newMailbox()
    const at = new Date(Date.now() + 60_000)
    await accept([itemOf(box, { id: 'a', references: ['x9'], group: 1 })])
    await accept([makeItem(box, { index: { messageId: 'b', inReplyTo: [] }, copy: { receivedAt: at } })])
    await accept([itemOf(box, { id: 'c', inReplyTo: ['a', 'b'], group: 1 })])
    await accept([itemOf(box, { id: 'x9', group: 1 })])
    const { threads } = get().db.tables
    const rows = await get().db.select().from(threads).where(eq(threads.mailboxId, box.id))
    expect(rows).toMatchObject([{ messageCount: 4, lastMessageAt: at }])
  })
})
