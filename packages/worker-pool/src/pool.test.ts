import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import {
  createWorkerPool,
  PoolBusyError,
  PoolClosedError,
  PoolCrashError,
  PoolTimeoutError,
  type WorkerPool,
  type WorkerPoolOptions,
} from './index.ts'

const FILE = new URL('../test/tasks.worker.ts', import.meta.url)
type Task = { do: string; value?: number; bytes?: Uint8Array }

const opened: WorkerPool<Task, unknown>[] = []
let spawned = 0

function pool(options: Partial<WorkerPoolOptions> = {}): WorkerPool<Task, unknown> {
  spawned = 0
  const made = createWorkerPool<Task, unknown>({
    spawn: () => {
      spawned += 1
      return new Worker(FILE, { resourceLimits: { maxOldGenerationSizeMb: 32 } })
    },
    size: 1,
    timeoutMs: 20_000,
    maxQueue: 10,
    ...options,
  })
  opened.push(made)
  return made
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

describe('createWorkerPool', () => {
  it('starts no worker before the first task and keeps it for the next', async () => {
    const workers = pool()
    expect(spawned).toBe(0)
    expect(await workers.run({ do: 'double', value: 21 })).toBe(42)
    expect(await workers.run({ do: 'double', value: 4 })).toBe(8)
    expect(spawned).toBe(1)
  })

  it('answers each of many tasks with its own result, on no more workers than its size', async () => {
    const workers = pool({ size: 2, maxQueue: 100 })
    const values = Array.from({ length: 50 }, (_, index) => index)
    const results = await Promise.all(values.map((value) => workers.run({ do: 'double', value })))
    expect(results).toEqual(values.map((value) => value * 2))
    expect(spawned).toBe(2)
  })

  it('passes on what the handler threw and keeps the worker', async () => {
    const workers = pool()
    await expect(workers.run({ do: 'throw' })).rejects.toThrow(new TypeError('no such thing'))
    expect(await workers.run({ do: 'double', value: 1 })).toBe(2)
    expect(spawned).toBe(1)
  })

  it('answers when the result cannot be cloned', async () => {
    const workers = pool()
    await expect(workers.run({ do: 'uncloneable' })).rejects.toThrow(/could not be cloned/)
    expect(await workers.run({ do: 'double', value: 1 })).toBe(2)
  })

  it('rejects only the task whose input cannot be cloned', async () => {
    const workers = pool()
    const bad = { do: 'double', value: 1, callback: () => undefined }
    await expect(workers.run(bad)).rejects.toThrow(/could not be cloned/)
    expect(await workers.run({ do: 'double', value: 2 })).toBe(4)
  })

  it.each(['spin', 'hang'])(
    'kills a worker that does not answer (%s) and runs the waiting task on a new one',
    async (what) => {
      const workers = pool()
      const [stuck, next] = await Promise.allSettled([
        workers.run({ do: what }, { timeoutMs: 300 }),
        workers.run({ do: 'double', value: 5 }),
      ])
      expect(stuck).toMatchObject({ status: 'rejected', reason: { name: 'PoolTimeoutError' } })
      expect(next).toEqual({ status: 'fulfilled', value: 10 })
      expect(spawned).toBe(2)
    },
  )

  it.each(['exit', 'crash', 'memory'])('rejects only the task whose worker died (%s)', async (what) => {
    const workers = pool()
    const [dead, next] = await Promise.allSettled([workers.run({ do: what }), workers.run({ do: 'double', value: 5 })])
    expect(dead).toMatchObject({ status: 'rejected', reason: { name: 'PoolCrashError' } })
    expect(next).toEqual({ status: 'fulfilled', value: 10 })
  })

  it('refuses a task when the queue is full', async () => {
    const workers = pool({ maxQueue: 1 })
    const settled = Promise.allSettled([workers.run({ do: 'hang' }), workers.run({ do: 'double', value: 1 })])
    await expect(workers.run({ do: 'double', value: 2 })).rejects.toBeInstanceOf(PoolBusyError)
    await workers.close()
    for (const result of await settled) expect(result).toMatchObject({ reason: { name: 'PoolClosedError' } })
  })

  it('refuses a task that waits too long behind another, which continues', async () => {
    const workers = pool({ waitMs: 100 })
    const first = workers.run({ do: 'hang' }).catch((error: unknown) => error)
    await expect(workers.run({ do: 'double', value: 1 })).rejects.toBeInstanceOf(PoolBusyError)
    await workers.close()
    expect(await first).toBeInstanceOf(PoolClosedError)
  })

  it('runs tasks on free workers even when none may wait', async () => {
    const workers = pool({ size: 2, maxQueue: 0 })
    const both = Promise.all([workers.run({ do: 'double', value: 1 }), workers.run({ do: 'double', value: 2 })])
    await expect(workers.run({ do: 'double', value: 3 })).rejects.toBeInstanceOf(PoolBusyError)
    expect(await both).toEqual([2, 4])
  })

  it('refuses tasks once closed', async () => {
    const workers = pool()
    await workers.run({ do: 'double', value: 1 })
    await workers.close()
    await expect(workers.run({ do: 'double', value: 1 })).rejects.toBeInstanceOf(PoolClosedError)
  })

  it('reports a worker that cannot be started as a crash of its task', async () => {
    const missing = pool({ spawn: () => new Worker(new URL('missing.worker.ts', import.meta.url)) })
    await expect(missing.run({ do: 'double' })).rejects.toBeInstanceOf(PoolCrashError)
    const broken = pool({
      spawn: () => {
        throw new Error('no threads left')
      },
    })
    await expect(broken.run({ do: 'double' })).rejects.toMatchObject({ cause: new Error('no threads left') })
  })

  it('transfers buffers on request', async () => {
    const workers = pool()
    const bytes = new Uint8Array(1024)
    expect(await workers.run({ do: 'length', bytes }, { transfer: [bytes.buffer] })).toBe(1024)
    expect(bytes.length).toBe(0)
  })

  it('names its errors', () => {
    expect(new PoolTimeoutError('late')).toMatchObject({ name: 'PoolTimeoutError', message: 'late' })
    expect(() => createWorkerPool({ spawn: () => new Worker(FILE), size: 0, timeoutMs: 1, maxQueue: 1 })).toThrow(
      RangeError,
    )
  })

  it('lets the process exit while workers are idle', async () => {
    const main = fileURLToPath(new URL('../test/idle.main.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [main], { timeout: 20_000 })
    expect(stdout).toBe('12')
  })
})
