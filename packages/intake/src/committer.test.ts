import { tenantScope } from '@mairust/db/queries/scope'
import { DatabaseUnavailableError } from '@mairust/db'
import { makeItem, makeMailbox, makeTenant, withDatabases } from '@mairust/db/testing'
import { acceptMessages, type AcceptItem } from '@mairust/db/queries/accept'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type CommitterOptions, createCommitter } from './committer.ts'

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
const base = { isOutage: (error: unknown) => error instanceof DatabaseUnavailableError, inFlight: 1, log }

/** A committer of strings whose transactions end when the test says so. */
function manualCommitter(options: Partial<CommitterOptions<string, string, string>> = {}) {
  const batches: { items: readonly string[]; end: (error?: Error) => void }[] = []
  const notes: (readonly string[])[] = []
  const committer = createCommitter<string, string, string>({
    ...base,
    commit: (items) =>
      new Promise((resolve, reject) => {
        batches.push({
          items,
          end: (error) => (error === undefined ? resolve(items.map((item) => item.toUpperCase())) : reject(error)),
        })
      }),
    record: (some) => {
      notes.push(some)
      return Promise.resolve()
    },
    ...options,
  })
  return { committer, batches, notes }
}

describe('the committer', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('writes items that have waited 2 ms in one transaction', async () => {
    const { committer, batches } = manualCommitter()
    const first = committer.add('a')
    await vi.advanceTimersByTimeAsync(1)
    const second = committer.add('b')
    expect(batches).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(batches.map(({ items }) => items)).toEqual([['a', 'b']])
    batches[0]?.end()
    expect(await Promise.all([first, second])).toEqual(['A', 'B'])
  })

  it('starts at once with 64 items, and takes no more at a time', async () => {
    const { committer, batches } = manualCommitter()
    for (let count = 0; count < 70; count += 1) void committer.add(String(count))
    expect(batches.map(({ items }) => items.length)).toEqual([64])
    batches[0]?.end()
    await vi.advanceTimersByTimeAsync(0)
    expect(batches.map(({ items }) => items.length)).toEqual([64, 6])
  })

  it('ends a batch with the item that exceeds the weight, and leaves none out', async () => {
    const { committer, batches } = manualCommitter({ weightOf: Number, maxWeight: 10 })
    for (const item of ['9', '9', '100', '1']) void committer.add(item)
    for (let at = 0; at < 3; at += 1) {
      await vi.advanceTimersByTimeAsync(2)
      batches[at]?.end()
    }
    await vi.advanceTimersByTimeAsync(2)
    expect(batches.map(({ items }) => items)).toEqual([['9', '9'], ['100'], ['1']])
  })

  it('runs as many transactions as it may', async () => {
    const { committer, batches } = manualCommitter({ inFlight: 2, maxBatch: 1 })
    for (const item of ['a', 'b', 'c']) void committer.add(item)
    expect(batches.map(({ items }) => items)).toEqual([['a'], ['b']])
    batches[1]?.end()
    await vi.advanceTimersByTimeAsync(0)
    expect(batches.map(({ items }) => items)).toEqual([['a'], ['b'], ['c']])
  })

  it('never runs two transactions with the same key, and keeps the order within a key', async () => {
    const { committer, batches } = manualCommitter({
      inFlight: 3,
      maxBatch: 8,
      keysOf: (item) => item.split('').filter((letter) => letter < 'a'),
    })
    const add = async (...items: string[]) => {
      for (const item of items) void committer.add(item)
      await vi.advanceTimersByTimeAsync(2)
    }
    const seen = () => batches.map(({ items }) => items.join(' '))
    await add('Aa')
    // B is free, but ABc came first and waits for A: Bd must not overtake it.
    await add('ABc', 'Bd', 'Ce', 'Af')
    expect(seen()).toEqual(['Aa', 'Ce'])
    await add('Cg')
    expect(seen()).toEqual(['Aa', 'Ce'])
    batches[0]?.end()
    await vi.advanceTimersByTimeAsync(0)
    expect(seen()).toEqual(['Aa', 'Ce', 'ABc Bd Af'])
    batches[1]?.end()
    await vi.advanceTimersByTimeAsync(0)
    expect(seen()).toEqual(['Aa', 'Ce', 'ABc Bd Af', 'Cg'])
    for (const { end } of batches) end()
    await committer.drain()
  })

  it('fails all items at once when the database is down', async () => {
    const { committer, batches } = manualCommitter()
    const results = Promise.allSettled([committer.add('a'), committer.add('b')])
    await vi.advanceTimersByTimeAsync(2)
    batches[0]?.end(new DatabaseUnavailableError('gone'))
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(batches).toHaveLength(1)
  })

  it('writes notes when idle, and drops those beyond the limit', async () => {
    const { committer, batches, notes } = manualCommitter({ weightOfNote: () => 10 })
    const kept = committer.add('a')
    for (let count = 0; count < 2500; count += 1) committer.note(`n${count}`)
    await vi.advanceTimersByTimeAsync(2)
    expect([batches.length, notes.length]).toEqual([1, 0])
    batches[0]?.end()
    await kept
    await committer.drain()
    expect(notes.flat()).toHaveLength(2000)
    expect(Math.max(...notes.map((some) => some.length))).toBe(100)
    expect(committer.droppedNotes).toBe(500)
  })

  it('writes notes after every 16 transactions when it is never idle', async () => {
    const { committer, batches, notes } = manualCommitter({ maxBatch: 1 })
    for (let count = 0; count < 50; count += 1) void committer.add(String(count))
    committer.note('early')
    for (let count = 0; count < 15; count += 1) {
      batches[count]?.end()
      await vi.advanceTimersByTimeAsync(0)
    }
    expect([batches.length, notes]).toEqual([16, []])
    batches[15]?.end()
    await vi.advanceTimersByTimeAsync(0)
    expect([batches.length, notes]).toEqual([17, [['early']]])
    committer.note('late')
    for (let count = 16; count < 32; count += 1) {
      batches[count]?.end()
      await vi.advanceTimersByTimeAsync(0)
    }
    expect([batches.length, notes]).toEqual([33, [['early'], ['late']]])
  })

  it('loses a note that cannot be written, but none of its neighbours', async () => {
    const written: string[] = []
    const { committer } = manualCommitter({
      record: (some) =>
        some.includes('bad') ? Promise.reject(new Error('no')) : Promise.resolve(void written.push(...some)),
    })
    for (const note of ['a', 'bad', 'b']) committer.note(note)
    await committer.drain()
    expect(written).toEqual(['a', 'b'])
    expect(committer.droppedNotes).toBe(1)
  })

  it('keeps notes while the database is down, and writes them in order when it is back', async () => {
    const written: string[] = []
    let away = true
    const { committer, batches } = manualCommitter({
      record: (some) =>
        away ? Promise.reject(new DatabaseUnavailableError('gone')) : Promise.resolve(void written.push(...some)),
    })
    for (const note of ['a', 'b']) committer.note(note)
    await vi.advanceTimersByTimeAsync(10_000)
    committer.note('c')
    away = false
    const item = committer.add('x')
    await vi.advanceTimersByTimeAsync(1000)
    batches[0]?.end()
    expect(await item).toBe('X')
    await vi.advanceTimersByTimeAsync(1000)
    expect(written).toEqual(['a', 'b', 'c'])
    expect(committer.droppedNotes).toBe(0)
  })

  it('drains without a database, and reports how many notes were lost', async () => {
    const { committer } = manualCommitter({ record: () => Promise.reject(new DatabaseUnavailableError('gone')) })
    for (let count = 0; count < 2500; count += 1) committer.note(`n${count}`)
    await vi.advanceTimersByTimeAsync(2)
    await committer.drain()
    expect(committer.droppedNotes).toBe(2500)
  })

  it('continues when notes cannot be written', async () => {
    const { committer } = manualCommitter({ record: () => Promise.reject(new Error('no')) })
    committer.note('a')
    await committer.drain()
    expect(committer.droppedNotes).toBe(1)
  })
})

withDatabases((database) => {
  it('stores the nineteen good messages of a batch of twenty', async () => {
    const { db, changes } = database()
    const tenant = await makeTenant(db)
    const box = await makeMailbox(db, tenantScope(tenant.id))
    const sizes: number[] = []
    const committer = createCommitter<AcceptItem, 'stored', never>({
      ...base,
      commit: async (items) => {
        sizes.push(items.length)
        await db.transaction((tx) => acceptMessages(tx, items, changes))
        return items.map(() => 'stored' as const)
      },
      record: () => Promise.resolve(),
    })
    const items = Array.from({ length: 20 }, () => makeItem(box))
    // Its id already exists.
    const [taken, bad] = [items[3]?.objects[0]?.copies[0], items[11]?.objects[0]?.copies[0]]
    if (taken === undefined || bad === undefined) throw new Error('no copies')
    bad.messageId = taken.messageId
    const results = await Promise.allSettled(items.map((item) => committer.add(item)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(19)
    expect(results[11]?.status).toBe('rejected')
    expect(sizes).toEqual([20, ...Array.from({ length: 20 }, () => 1)])
    const { messages } = db.tables
    const rows = (await db.select().from(messages)).filter((row) => row.mailboxId === box.id)
    expect(rows).toHaveLength(19)
  })
})
