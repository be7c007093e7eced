import { Worker } from 'node:worker_threads'
import type { Config } from '@mairust/config'
import { createWorkerPool, PoolCrashError, PoolTimeoutError } from '@mairust/worker-pool'
import type { PreparedMessage } from './prepare.ts'

const WORKERS = 2
/** Messages a worker takes at a time: enough to keep the disk busy. */
const PORTION = 256
const PORTION_LIMIT_MS = 120_000
const SINGLE_LIMIT_MS = 30_000

/** Writes the objects of messages and reads their indexes, in threads that a hostile message can only end. */
export interface Preparer {
  /** In the order given; null for a message that cannot be read. Throws when the store fails. */
  prepare: (raws: readonly Uint8Array[]) => Promise<(PreparedMessage | null)[]>
  close: () => Promise<void>
}

const isUnreadable = (error: unknown): boolean => error instanceof PoolTimeoutError || error instanceof PoolCrashError

/** One thread on the blob store of the configuration. */
const preparingWorker = (storage: Config['storage']): Worker =>
  new Worker(new URL('./prepare.worker.ts', import.meta.url), { workerData: { storage } })

/** Starts threads as they are needed. */
export function startPreparer(
  storage: Config['storage'],
  spawn: () => Worker = () => preparingWorker(storage),
): Preparer {
  const pool = createWorkerPool<readonly Uint8Array[], PreparedMessage[]>({
    spawn,
    size: WORKERS,
    timeoutMs: PORTION_LIMIT_MS,
    maxQueue: Infinity,
  })

  const single = async (raw: Uint8Array): Promise<PreparedMessage | null> => {
    try {
      return (await pool.run([raw], { timeoutMs: SINGLE_LIMIT_MS }))[0] ?? null
    } catch (error) {
      if (isUnreadable(error)) return null
      throw error
    }
  }

  const portion = async (raws: readonly Uint8Array[]): Promise<(PreparedMessage | null)[]> => {
    try {
      return await pool.run(raws)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      // One of them ended the thread; each alone shows which.
      return Promise.all(raws.map(single))
    }
  }

  return {
    prepare: async (raws) => {
      const portions: (readonly Uint8Array[])[] = []
      for (let from = 0; from < raws.length; from += PORTION) portions.push(raws.slice(from, from + PORTION))
      return (await Promise.all(portions.map(portion))).flat()
    },
    close: () => pool.close(),
  }
}
