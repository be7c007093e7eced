import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCommitter } from './committer.ts'

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }

/** A committer of strings whose transactions end when the test says so. */
function committerOf(options: {
  weightOfNote: (note: string) => number
  record?: (notes: readonly string[]) => Promise<void>
}) {
  const batches: { end: () => void }[] = []
  const notes: (readonly string[])[] = []
  const committer = createCommitter<string, string, string>({
    isOutage: () => false,
    inFlight: 1,
    log,
    commit: (items) =>
      new Promise((resolve) => {
        batches.push({ end: () => resolve(items.map((item) => item.toUpperCase())) })
      }),
    record: (some) => {
      notes.push(some)
      return Promise.resolve()
    },
    ...options,
  })
  return { committer, batches, notes }
}

describe('notes', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('are weighed: few heavy ones fill a transaction and the queue, one that is heavier still goes alone', async () => {
    const { committer, notes } = committerOf({ weightOfNote: Number })
    for (const note of ['600', '300', '200', '5000', '1', '13899', '1', '2']) committer.note(note)
    await committer.drain()
    // 20,001 are too much together; what is lighter still finds room.
    expect(notes).toEqual([['600', '300'], ['200'], ['5000'], ['1'], ['13899']])
    expect(committer.droppedNotes).toBe(2)
  })

  it('have room again for what was written', async () => {
    const { committer, notes } = committerOf({ weightOfNote: Number })
    for (let round = 0; round < 3; round += 1) {
      committer.note('20000')
      await vi.advanceTimersByTimeAsync(2)
    }
    expect(notes).toEqual([['20000'], ['20000'], ['20000']])
    expect(committer.droppedNotes).toBe(0)
  })

  it('are said to be dropped once a minute, and how many', async () => {
    log.warn.mockClear()
    const { committer } = committerOf({ weightOfNote: () => 20_000 })
    for (let minute = 0; minute < 2; minute += 1) {
      for (let count = 0; count < 100; count += 1) committer.note(`n${count}`)
      await vi.advanceTimersByTimeAsync(59_000)
      for (let count = 0; count < 100; count += 1) committer.note(`n${count}`)
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(log.warn.mock.calls.map(([about]) => about as unknown)).toEqual([
      { waiting: 1, dropped: 1 },
      { waiting: 1, dropped: 198 },
    ])
    expect(committer.droppedNotes).toBe(396)
  })

  it('wait for what is to be accepted after each transaction', async () => {
    let written: () => void = () => undefined
    const order: string[] = []
    const { committer, batches } = committerOf({
      weightOfNote: () => 1000,
      record: (some) => {
        order.push(...some)
        return new Promise((resolve) => (written = resolve))
      },
    })
    for (const note of ['n1', 'n2', 'n3']) committer.note(note)
    await vi.advanceTimersByTimeAsync(2)
    const accepted = committer.add('a')
    expect([order, batches.length]).toEqual([['n1'], 0])
    written()
    await vi.advanceTimersByTimeAsync(2)
    expect([order, batches.length]).toEqual([['n1'], 1])
    batches[0]?.end()
    expect(await accepted).toBe('A')
  })
})
