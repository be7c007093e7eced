import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { createSharedPool, type SharedPool, type SharedRun } from './index.ts'

const FILE = new URL('../test/turns.worker.ts', import.meta.url)
type Task = { do: string; value?: number; ms?: number; gate?: Int32Array; callback?: () => void }

const opened: SharedPool<Task, unknown>[] = []
const workers: Worker[] = []

function bench({ size = 1, turnMs = 20_000 } = {}) {
  workers.length = 0
  const pool = createSharedPool<Task, unknown>({
    spawn: () => {
      const worker = new Worker(FILE, { resourceLimits: { maxOldGenerationSizeMb: 32 } })
      workers.push(worker)
      return worker
    },
    size,
    turnMs,
  })
  opened.push(pool)
  const run = (task: Task, options: Partial<SharedRun> = {}) =>
    pool.run(task, { owner: 'a', bytes: 0, timeoutMs: 60_000, ...options })
  return { pool, run }
}
type Run = ReturnType<typeof bench>['run']
const settled = (all: readonly Promise<unknown>[]): Promise<unknown[]> =>
  Promise.all(all.map((each) => each.catch((error: unknown) => (error instanceof Error ? error.name : error))))

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

describe('a shared pool', () => {
  it('has any number of tasks wait at once', async () => {
    const { run } = bench()
    const hanging = settled(Array.from({ length: 500 }, () => run({ do: 'hang' })))
    expect(await run({ do: 'note', value: 1 })).toEqual([1])
    await opened[0]?.close()
    expect(new Set(await hanging)).toEqual(new Set(['PoolClosedError']))
  })

  it('passes on what a handler threw, after waiting too', async () => {
    const { run } = bench()
    await expect(run({ do: 'throw' })).rejects.toThrow(new TypeError('no such thing'))
  })

  it('refuses an input that cannot be cloned, and nothing else', async () => {
    const { run } = bench()
    await expect(run({ do: 'note', callback: () => undefined })).rejects.toThrow(/could not be cloned/)
    expect(await run({ do: 'note', value: 1 })).toEqual([1])
  })

  it.each([
    ['spin', 'PoolTimeoutError', 400],
    ['exit', 'PoolCrashError', 20_000],
    ['memory', 'PoolCrashError', 20_000],
  ])('blames the task that kills its worker (%s), and begins the others again', async (what, name, turnMs) => {
    const { run } = bench({ turnMs })
    const others = Array.from({ length: 20 }, (_, value) => run({ do: 'wait', value }))
    expect(await settled([run({ do: what })])).toEqual([name])
    await run({ do: 'open' })
    expect(await settled(others)).toEqual(others.map((_, value) => value))
    expect(workers).toHaveLength(2)
  })

  it('gives up a task whose workers die of others again and again', async () => {
    const { run } = bench()
    const innocent = settled([run({ do: 'hang' })])
    for (let n = 0; n < 3; n += 1) await settled([run({ do: 'exit' })])
    expect(await innocent).toEqual(['PoolBusyError'])
  })

  it('counts only the time of a task’s own turns towards its limit', async () => {
    const { run } = bench({ turnMs: 400 })
    const busy = Array.from({ length: 8 }, (_, value) => run({ do: 'work', value, ms: 150 }))
    expect(await settled(busy)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(await run({ do: 'sleep', value: 9, ms: 1000 })).toBe(9)
    expect(workers).toHaveLength(1)
  })

  it('gives up a task that is not done in time, without harm to the others', async () => {
    const { run } = bench()
    const other = run({ do: 'wait', value: 1 })
    expect(await settled([run({ do: 'hang' }, { timeoutMs: 20 })])).toEqual(['PoolBusyError'])
    await run({ do: 'open' })
    expect(await other).toBe(1)
    expect(workers).toHaveLength(1)
  })

  it('replaces a worker that stopped answering', async () => {
    const { run } = bench()
    await settled(Array.from({ length: 101 }, () => run({ do: 'hang' }, { timeoutMs: 20 })))
    expect(await run({ do: 'note', value: 1 })).toEqual([1])
    expect(workers).toHaveLength(2)
  })

  it.each([
    ['has stopped answering', (run: Run) => Array.from({ length: 101 }, () => run({ do: 'hang' }, { timeoutMs: 20 }))],
    [
      'wrote an answer that cannot be read',
      () => {
        workers[0]?.emit('messageerror', new Error('cannot be read'))
        return []
      },
    ],
  ])('blames no task when it kills a worker that %s: the one whose turn it is begins again', async (_, spoil) => {
    const { run } = bench()
    const gate = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    const innocent = run({ do: 'hold', value: 7, gate })
    await Atomics.waitAsync(gate, 0, 0).value
    await settled(spoil(run))
    expect(await innocent).toBe(7)
    expect(workers).toHaveLength(2)
  })

  it('reports a worker that cannot be started', async () => {
    const pool = createSharedPool<Task, unknown>({
      spawn: () => {
        throw new Error('no threads left')
      },
      size: 1,
      turnMs: 1000,
    })
    await expect(pool.run({ do: 'note' }, { owner: 'a', bytes: 0, timeoutMs: 1000 })).rejects.toThrow('no threads left')
  })
})

describe('the thread of a worker', () => {
  it('goes to the owner who used it least: none waits for all of another’s costly tasks', async () => {
    const { run } = bench()
    const costly = Array.from({ length: 10 }, (_, value) => run({ do: 'work', value, ms: 50 }, { owner: 'hostile' }))
    await costly[0]
    const seen = (await run({ do: 'note', value: 99 }, { owner: 'other' })) as number[]
    await Promise.all(costly)
    expect(seen.length).toBeLessThan(6)
  })

  it('goes to small tasks before large ones, of owners who used it as little', async () => {
    const { run } = bench()
    const first = run({ do: 'work', value: 1, ms: 200 }, { owner: 'x' })
    const large = Array.from({ length: 5 }, (_, n) =>
      run({ do: 'note', value: 10 + n }, { owner: `large${n}`, bytes: 1_000_000 }),
    )
    const small = run({ do: 'note', value: 2 }, { owner: 'small', bytes: 1000 })
    await Promise.all([first, ...large])
    expect(((await small) as number[]).at(-1)).toBe(2)
    expect(((await small) as number[]).length).toBeLessThan(4)
  })
})
