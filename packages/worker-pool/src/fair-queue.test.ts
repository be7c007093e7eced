import { describe, expect, it, vi } from 'vitest'
import { createFairQueue, type FairQueueOptions, PoolBusyError } from './index.ts'

/** A queue whose tasks run until the test ends them. */
function bench(options: Partial<FairQueueOptions> = {}) {
  const queue = createFairQueue({
    width: 2,
    widthPerName: 1,
    maxBytes: 1000,
    maxWaitingPerName: 10,
    waitMs: 60_000,
    ...options,
  })
  const began: string[] = []
  const ends = new Map<string, () => void>()
  const add = (name: string, label: string, bytes = 1, signal?: AbortSignal) =>
    queue.run(
      name,
      bytes,
      async () => {
        began.push(label)
        await new Promise<void>((resolve) => ends.set(label, resolve))
        return label
      },
      signal,
    )
  const finish = async (label: string) => {
    ends.get(label)?.()
    await new Promise(setImmediate)
  }
  const settle = () => new Promise(setImmediate)
  return { add, began, finish, settle, blame: queue.blame }
}

describe('a fair queue', () => {
  it('never gives all its room to one name', async () => {
    const { add, began, settle } = bench()
    const all = ['h1', 'h2', 'h3'].map((label) => add('hostile', label))
    await settle()
    expect(began).toEqual(['h1'])
    void add('other', 'o1')
    await settle()
    expect(began).toEqual(['h1', 'o1'])
    expect(all).toHaveLength(3)
  })

  it('serves names in turn, even when one asked for more', async () => {
    const { add, began, finish, settle } = bench({ width: 1 })
    for (const label of ['a1', 'a2', 'a3']) void add('a', label)
    for (const label of ['b1', 'b2']) void add('b', label)
    void add('c', 'c1')
    await settle()
    for (const label of ['a1', 'b1', 'c1', 'a2', 'b2', 'a3']) await finish(label)
    expect(began).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  })

  it('holds a bounded number of bytes of one name, and those without any never wait for room', async () => {
    const { add, began, settle } = bench({ width: 100, widthPerName: 100, bytesPerName: 300 })
    for (let n = 0; n < 5; n += 1) void add('hostile', `h${n}`, 200)
    void add('other', 'o1', 700)
    void add('third', 't1', 400)
    for (const name of ['hostile', 'other', 'third']) void add(name, `${name} without`, 0)
    await settle()
    expect(began).toEqual(['h0', 'o1', 'hostile without', 'other without', 'third without'])
  })

  it('drops what nobody waits for any more, unless it has begun', async () => {
    const { add, began, finish, settle } = bench({ maxWaitingPerName: 2 })
    const left = new AbortController()
    const running = add('a', 'a1', 1, left.signal)
    const waiting = add('a', 'a2', 1, left.signal)
    const large = add('b', 'b9000', 9000, left.signal)
    const dropped = Promise.all([waiting, large].map((task) => expect(task).rejects.toThrow(PoolBusyError)))
    const other = add('c', 'c1')
    left.abort()
    await dropped
    await expect(add('a', 'a3', 1, left.signal)).rejects.toThrow(PoolBusyError)
    await settle()
    expect(began).toEqual(['a1', 'c1'])
    for (const label of began) await finish(label)
    expect(await Promise.all([running, other])).toEqual(['a1', 'c1'])
  })

  it('keeps running tasks within the byte limit, and runs a larger one alone', async () => {
    const { add, began, finish, settle } = bench({ width: 3 })
    void add('a', 'a600', 600)
    void add('b', 'b600', 600)
    void add('c', 'c1', 1)
    void add('d', 'd5000', 5000)
    await settle()
    expect(began).toEqual(['a600'])
    await finish('a600')
    expect(began).toEqual(['a600', 'b600', 'c1'])
    await finish('b600')
    expect(began).not.toContain('d5000')
    await finish('c1')
    expect(began).toContain('d5000')
  })

  it('begins all that there is room for when a large task ends, of one name too', async () => {
    const { add, began, finish, settle } = bench({ width: 5, widthPerName: 4 })
    void add('a', 'large', 1000)
    for (const label of ['a1', 'a2', 'a3', 'a4', 'a5']) void add('a', label, 200)
    void add('b', 'b1', 100)
    await settle()
    expect(began).toEqual(['large'])
    await finish('large')
    expect(began).toEqual(['large', 'b1', 'a1', 'a2', 'a3', 'a4'])
  })

  it('refuses a task when too many of its own name wait, and no other', async () => {
    const { add, began, finish, settle } = bench({ maxWaitingPerName: 1 })
    const first = add('a', 'a1')
    const second = add('a', 'a2')
    await expect(add('a', 'a3')).rejects.toBeInstanceOf(PoolBusyError)
    void add('b', 'b1')
    await settle()
    expect(began).toEqual(['a1', 'b1'])
    await finish('a1')
    await finish('a2')
    expect(await Promise.all([first, second])).toEqual(['a1', 'a2'])
  })

  it('refuses a task that waits too long, and continues without it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { add, began, finish, settle } = bench({ width: 1, waitMs: 500 })
      void add('a', 'a1')
      const late = add('b', 'b1').catch((error: unknown) => error)
      await settle()
      vi.advanceTimersByTime(501)
      expect(await late).toBeInstanceOf(PoolBusyError)
      void add('c', 'c1')
      await finish('a1')
      expect(began).toEqual(['a1', 'c1'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('continues after a task fails', async () => {
    const queue = createFairQueue({ width: 1, widthPerName: 1, maxBytes: 1, maxWaitingPerName: 9, waitMs: 60_000 })
    const failed = queue.run('a', 1, () => Promise.reject(new Error('no')))
    const next = queue.run('a', 1, () => Promise.resolve('yes'))
    await expect(failed).rejects.toThrow('no')
    expect(await next).toBe('yes')
  })
})

describe('a fair queue that keeps room free of slow tasks', () => {
  const slow = { width: 1, bytes: 100, forMs: 60_000 }

  it('runs small tasks however many names have large ones', async () => {
    const { add, began, finish, settle } = bench({ slow, widthPerName: 2 })
    for (const name of ['a', 'b', 'c']) void add(name, `${name}-large`, 101)
    await settle()
    expect(began).toEqual(['a-large'])
    // Small tasks overtake the large ones, those of the same name too.
    void add('d', 'd-small')
    await settle()
    await finish('d-small')
    void add('c', 'c-small')
    await settle()
    await finish('c-small')
    expect(began).toEqual(['a-large', 'd-small', 'c-small'])
    await finish('a-large')
    await finish('b-large')
    expect(began.slice(3)).toEqual(['b-large', 'c-large'])
  })

  it('treats the tasks of a name as slow for a while after one took too long', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const { add, began, finish, settle, blame } = bench({ slow })
      for (const name of ['h1', 'h2']) {
        blame(name)
        void add(name, name)
      }
      void add('other', 'o')
      await settle()
      expect(began).toEqual(['h1', 'o'])
      vi.setSystemTime(Date.now() + slow.forMs + 1)
      await finish('o')
      expect(began).toEqual(['h1', 'o', 'h2'])
      // What began as slow ends as slow.
      await finish('h1')
      await finish('h2')
      for (const name of ['a', 'b']) void add(name, `${name}-large`, 101)
      await settle()
      expect(began.slice(3)).toEqual(['a-large'])
    } finally {
      vi.useRealTimers()
    }
  })
})
