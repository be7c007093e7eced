import { createId } from '@mairust/db'
import { fillMailbox, withDatabases } from '@mairust/db/testing'
import { beforeAll, expect, it } from 'vitest'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { listMessages } from './index.ts'

const COUNT = 100_000
/** Number of pages between two deliveries of new mail. */
const EVERY = 100

withDatabases((get) => {
  let world: MailWorld
  let newestFirst: string[]

  beforeAll(async () => {
    world = await makeMailWorld(get())
    newestFirst = await fillMailbox(get().db, world.mailbox, COUNT, new Date('2026-01-01T00:00:00Z'))
  })

  it('pages a folder of 100,000 messages to its end without a repeat or a gap while mail arrives', async () => {
    const seen: string[] = []
    let arrived = 0
    let cursor: string | undefined
    do {
      const page = await listMessages(world.ctx, { folder: 'inbox', limit: 100, cursor })
      seen.push(...page.data.map(({ id }) => id))
      expect(page.pagination.has_more).toBe(page.pagination.cursor !== null)
      cursor = page.pagination.cursor ?? undefined
      if (seen.length % (EVERY * 100) === 0) {
        arrived += 1
        await world.deliver(`From: late@example.net\nSubject: Late ${arrived}\n\nNew\n`, { messageId: createId('msg') })
      }
    } while (cursor !== undefined)
    expect(arrived).toBeGreaterThan(5)
    expect(seen).toEqual(newestFirst)
  })

  it('pages the same way oldest first', async () => {
    const first = await listMessages(world.ctx, { sort: 'date', limit: 100 })
    const second = await listMessages(world.ctx, {
      sort: 'date',
      limit: 100,
      cursor: first.pagination.cursor ?? undefined,
    })
    const ids = [...first.data, ...second.data].map(({ id }) => id)
    expect(ids).toEqual(newestFirst.toReversed().slice(0, 200))
  })
})
