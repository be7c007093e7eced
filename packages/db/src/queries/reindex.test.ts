import { tenantScope } from './scope.ts'
import { HOSTILE_VERSION, INDEX_VERSION } from '@mairust/mail-core/message'
import { parseQuery } from '@mairust/mail-core/search'
import { and, eq, sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { mailboxTopic } from '../changes/topics.ts'
import { runSql } from '../client/db.ts'
import { searchCondition } from '../dialect/search-condition.ts'
import type { TextClause } from '../dialect/search-match.ts'
import { IS_OUTDATED } from '../schema/message.ts'
import { fillMailbox, makeMailbox, makeMessage, makeObject, makeTenant, withDatabases } from '../testing/index.ts'
import { findMessage } from './message.ts'
import { countOutdated, findOutdated, markOutdated, renewIndexes } from './reindex.ts'

withDatabases((get) => {
  const setUp = async () => {
    const { db, changes } = get()
    const { messages, threads } = db.tables
    const box = await makeMailbox(db, tenantScope((await makeTenant(db)).id))
    const mailbox = { tenantId: box.tenantId, mailboxId: box.id }
    const put = async (subject: string, version = 0, to = box) =>
      (await makeMessage(get(), to, { text: 'old words', index: { subject, version } })).id
    const read = async (id: string) => {
      const row = await findMessage(db, { ...tenantScope(box.tenantId), mailboxIds: 'all' }, id)
      if (row === null) throw new Error('the message is gone')
      return row
    }
    const find = async (word: string) => {
      const [clause] = parseQuery(word, new Date()).clauses as TextClause[]
      if (clause === undefined) throw new Error('no word')
      const { holds } = await searchCondition(db, { clauses: [clause], readable: () => undefined })
      const found = await db
        .select({ id: messages.id })
        .from(messages)
        .where(and(eq(messages.mailboxId, box.id), holds))
      return found.map(({ id }) => id)
    }
    const threadSubject = async (id: string) => (await db.select().from(threads).where(eq(threads.id, id)))[0]?.subject
    return { db, changes, box, mailbox, put, read, find, threadSubject }
  }
  const indexOf = (subject: string, text: string) =>
    makeObject(
      { tenantId: '', id: '' },
      { text, index: { subject, messageId: 'new@example.net', hasAttachments: true } },
    ).index

  it('finds outdated messages of a mailbox, the newest first, and counts them', async () => {
    const { db, box, mailbox, put } = await setUp()
    const other = await makeMailbox(db, tenantScope(box.tenantId))
    const first = await put('one')
    await put('two', INDEX_VERSION)
    const third = await put('three')
    const elsewhere = await put('four', 0, other)
    expect((await findOutdated(db, 10, mailbox)).map(({ id }) => id)).toEqual([third, first])
    expect((await findOutdated(db, 1, mailbox)).map(({ id }) => id)).toEqual([third])
    expect(await countOutdated(db, mailbox)).toBe(2)
    const all = await findOutdated(db, 1000)
    expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining([first, third, elsewhere]))
    expect(await countOutdated(db)).toBe(all.length)
  })

  it('finds messages that ended a worker after all others, one at a time', async () => {
    const { db, mailbox, put } = await setUp()
    const usual = await put('usual')
    const hostile = [await put('one', HOSTILE_VERSION), await put('two', HOSTILE_VERSION)]
    const find = async () => (await findOutdated(db, 10, mailbox)).map(({ id }) => id)
    const mark = (id: string) =>
      db.update(db.tables.messages).set({ indexVersion: INDEX_VERSION }).where(eq(db.tables.messages.id, id))
    expect(await countOutdated(db, mailbox)).toBe(3)
    const order = []
    for (let found = await find(); found.length > 0; found = await find()) {
      order.push(found)
      for (const id of found) await mark(id)
    }
    expect(order).toEqual([[usual], ...hostile.toReversed().map((id) => [id])])
  })

  it('writes new tokens and listed columns, leaves what readers set, and tells open pages', async () => {
    const { db, changes, box, mailbox, put, read, find, threadSubject } = await setUp()
    const id = await put('garbled')
    await db.update(db.tables.messages).set({ starred: true }).where(eq(db.tables.messages.id, id))
    const told: string[] = []
    const end = changes.subscribe(mailboxTopic(box.tenantId, box.id), (topic) => told.push(topic))
    const before = await read(id)
    const [message] = await findOutdated(db, 1, mailbox)
    if (message === undefined) throw new Error('none found')
    const index = indexOf('Jérôme', 'new phrase')
    await db.transaction((tx) => renewIndexes(tx, [{ message, index }], changes))
    expect(await read(id)).toEqual({
      ...before,
      subject: 'Jérôme',
      preview: 'new phrase',
      messageIdHeader: 'new@example.net',
      hasAttachments: true,
      date: index.date,
      indexVersion: INDEX_VERSION,
      starred: true,
    })
    expect([await find('jerome'), await find('phrase'), await find('words'), await find('garbled')]).toEqual([
      [id],
      [id],
      [],
      [],
    ])
    expect(await threadSubject(before.threadId)).toBe('Jérôme')
    await expect.poll(() => told.length).toBeGreaterThan(0)
    end()
    expect(await countOutdated(db, mailbox)).toBe(0)
  })

  it('a message that cannot be read keeps what is known of it, and is not looked at again', async () => {
    const { db, changes, mailbox, put, read, find } = await setUp()
    const id = await put('kept')
    const before = await read(id)
    const [message] = await findOutdated(db, 1, mailbox)
    if (message === undefined) throw new Error('none found')
    await db.transaction((tx) => renewIndexes(tx, [{ message, index: null }], changes))
    expect(await read(id)).toEqual({ ...before, indexVersion: INDEX_VERSION })
    expect(await find('kept')).toEqual([id])
    expect(await countOutdated(db, mailbox)).toBe(0)
  })

  it('leaves alone what was removed, or indexed by another, meanwhile', async () => {
    const { db, changes, mailbox, put, read } = await setUp()
    const [gone, done] = [await put('gone'), await put('done')]
    const found = await findOutdated(db, 10, mailbox)
    const { messages } = db.tables
    await db.delete(messages).where(eq(messages.id, gone))
    await db.update(messages).set({ indexVersion: INDEX_VERSION }).where(eq(messages.id, done))
    const renewed = found.map((message) => ({ message, index: indexOf('other', 'other') }))
    await db.transaction((tx) => renewIndexes(tx, renewed, changes))
    expect((await read(done)).subject).toBe('done')
  })

  it('leaves a message outdated whose object was replaced since it was read, whatever was read of it', async () => {
    const { db, changes, mailbox, put, read, find } = await setUp()
    const { messages } = db.tables
    const [saved, unread, same] = [await put('saved'), await put('unread'), await put('same')]
    const found = await findOutdated(db, 10, mailbox)
    for (const id of [saved, unread])
      await db
        .update(messages)
        .set({ blobKey: `objects/new-${id}` })
        .where(eq(messages.id, id))
    const renewed = found.map((message) => ({ message, index: message.id === unread ? null : indexOf('x', 'phrase') }))
    await db.transaction((tx) => renewIndexes(tx, renewed, changes))
    expect([(await read(saved)).subject, (await read(same)).subject, await find('phrase')]).toEqual([
      'saved',
      'x',
      [same],
    ])
    const left = await findOutdated(db, 10, mailbox)
    expect(left.map(({ id }) => id)).toEqual([unread, saved])
  })

  it('marks all messages of a mailbox, of more than one transaction, and no others', async () => {
    const { db, box, mailbox, put } = await setUp()
    const other = await makeMailbox(db, tenantScope(box.tenantId))
    await fillMailbox(db, box, 1100, new Date())
    await put('elsewhere', INDEX_VERSION, other)
    const inAll = await countOutdated(db)
    await markOutdated(db, mailbox)
    expect(await countOutdated(db, mailbox)).toBe(1100)
    expect(await countOutdated(db)).toBe(inAll + 1100)
  })

  it('an outdated message is found by its index, not by walking through all', async () => {
    const { db } = get()
    expect(IS_OUTDATED).toBe(`index_version < ${INDEX_VERSION}`)
    if (db.dialect === 'postgres') {
      const [row] = await runSql(db, sql`select indexdef from pg_indexes where indexname = 'messages_outdated_idx'`)
      expect(String(row?.[0])).toContain(`WHERE (${IS_OUTDATED})`)
    } else {
      const text = `explain query plan select id from messages where ${IS_OUTDATED} order by tenant_id desc, mailbox_id desc, seq desc`
      const plan = (await runSql(db, sql.raw(text))).map((row) => String(row.at(-1)))
      expect(plan).toEqual([expect.stringContaining('USING INDEX messages_outdated_idx')])
    }
  })
})
