import { beforeAll, describe, expect, it, vi } from 'vitest'
import { channelOf } from '../client/db.ts'
import { openDatabase } from '../client/open.ts'
import { withDatabases } from '../testing/index.ts'
import {
  addressTopic,
  domainTopic,
  everyTenant,
  mailboxesTopic,
  mailboxOfTopic,
  mailboxTopic,
  subjectOfTopic,
  tenantOfTopic,
  tenantTopic,
  type Topic,
} from './topics.ts'

const EVERY_MAILBOX = everyTenant('mailbox')

withDatabases((get) => {
  const watch = (changes: ReturnType<typeof get>['changes'], ...topics: Topic[]) => {
    const told: string[] = []
    const stops = topics.map((topic) => changes.subscribe(topic, (changed) => told.push(changed)))
    return { told, stop: () => stops.forEach((stop) => stop()) }
  }
  const publish = (...topics: Topic[]) => get().db.transaction((tx) => get().changes.publish(tx, ...topics))

  /** Waits until changes of other processes arrive. */
  const untilListening = async (
    database: Pick<ReturnType<typeof get>, 'db' | 'changes' | 'dialect'>,
  ): Promise<void> => {
    const { told, stop } = watch(database.changes, 'tags:probe')
    const probe = await openDatabase(get().options)
    await vi.waitFor(
      async () => {
        await probe.db.transaction((tx) => probe.changes.publish(tx, 'tags:probe'))
        expect(told).not.toEqual([])
      },
      { timeout: 5000, interval: 100 },
    )
    stop()
    await probe.close()
  }

  beforeAll(() => untilListening(get()))

  it('notifies this process after the commit, not before', async () => {
    const { told, stop } = watch(get().changes, 'domains:t')
    await get().db.transaction(async (tx) => {
      await get().changes.publish(tx, 'domains:t')
      await Promise.resolve()
      expect(told).toEqual([])
    })
    await expect.poll(() => told).toEqual(['domains:t'])
    stop()
    await publish('domains:t')
    expect(told).toEqual(['domains:t'])
  })

  it('announces nothing that was rolled back', async () => {
    const { told, stop } = watch(get().changes, 'users:t')
    const fail = () => Promise.reject(new Error('no'))
    await expect(
      get().db.transaction(async (tx) => {
        await get().changes.publish(tx, 'users:t')
        await fail()
      }),
    ).rejects.toThrow('no')
    const marker = watch(get().changes, 'tags:marker')
    await publish('tags:marker')
    await expect.poll(() => marker.told).toEqual(['tags:marker'])
    expect(told).toEqual([])
    stop()
    marker.stop()
  })

  it('notifies a subscriber to all mailboxes', async () => {
    const { told, stop } = watch(get().changes, EVERY_MAILBOX)
    await publish('mailbox:a', 'mailbox:b', 'domains:t')
    await expect.poll(() => [...told].sort()).toEqual(['mailbox:a', 'mailbox:b'])
    const topics: Topic[] = [mailboxTopic('t', 'a'), EVERY_MAILBOX, mailboxesTopic('t'), tenantTopic('domains', 't')]
    expect(topics.map(mailboxOfTopic)).toEqual(['a', null, null, null])
    expect(topics.map(tenantOfTopic)).toEqual(['t', null, 't', 't'])
    const singles = [addressTopic('t', '"a:b"@example.org'), domainTopic('t', 'example.org'), ...topics]
    expect(singles.map(subjectOfTopic)).toEqual(['"a:b"@example.org', 'example.org', 'a', null, null, null])
    stop()
  })

  describe('another process', () => {
    it('is notified once, and the first by the other', async () => {
      const other = await openDatabase(get().options)
      await untilListening(other)
      const there = watch(other.changes, 'users:t', EVERY_MAILBOX)
      const here = watch(get().changes, 'users:t', EVERY_MAILBOX)
      const many = Array.from({ length: 400 }, (_, at): Topic => `mailbox:${'m'.repeat(30)}${at}`)
      await publish('users:t', ...many)
      const mine = (topics: string[]) =>
        topics.filter((topic) => topic === 'users:t' || many.some((one) => one === topic))
      await expect.poll(() => mine(there.told)).toHaveLength(401)
      expect(mine(here.told)).toHaveLength(401)
      await other.db.transaction((tx) => other.changes.publish(tx, 'mailbox:back'))
      await expect.poll(() => here.told.filter((topic) => topic === 'mailbox:back')).toHaveLength(1)
      // A duplicate would have arrived by now: a later topic has.
      expect(there.told.filter((topic) => topic === 'users:t')).toHaveLength(1)
      here.stop()
      there.stop()
      await other.close()
    })
  })

  it('keeps its table small', async () => {
    const { db } = get()
    if (get().dialect !== 'sqlite') return
    await db.insert(db.tables.changes).values([
      { topic: 'mailbox:t:old', counter: 1 },
      { topic: addressTopic('t', 'old@example.org'), counter: 1 },
      { topic: 'tags:kept', counter: 2 },
      { topic: 'mailbox:t:new', counter: 19_998 },
    ])
    await publish('mailbox:x')
    await publish('mailbox:y')
    const topics = (await db.select().from(db.tables.changes)).map(({ topic }) => topic)
    for (const old of ['mailbox:t:old', 'addresses:t:old@example.org']) expect(topics).not.toContain(old)
    expect(topics).toEqual(expect.arrayContaining(['tags:kept', 'mailbox:t:new', 'mailbox:x', 'mailbox:y']))
  })

  it('reports that changes may have been missed when the connection was lost', async () => {
    if (get().dialect !== 'postgres') return
    const { told, stop } = watch(get().changes, 'domains:t')
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`
    await channelOf(get().db).all(kill, [])
    await expect.poll(() => told).toContain('domains:t')
    const other = watch(get().changes, 'tags:after')
    await publish('tags:after')
    await expect.poll(() => other.told).toEqual(['tags:after'])
    stop()
    other.stop()
  })
})
