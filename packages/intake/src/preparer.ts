import { Worker } from 'node:worker_threads'
import type { Config } from '@mairust/config'
import { createWorkerPool, PoolCrashError, PoolTimeoutError } from '@mairust/worker-pool'
import type { PreparedMessage } from './prepare.ts'

const WORKERS = 2
/** Messages per worker task: enough to keep the disk busy. */
const CHUNK = 256
const CHUNK_LIMIT_MS = 120_000
const SINGLE_LIMIT_MS = 30_000

/**
 * Stores the blobs of messages and builds their indexes in threads, so that a hostile message cannot harm the process.
 */
export interface Preparer {
  /** Keeps the order; null for a message that cannot be read. Throws when the store fails. */
  prepare: (raws: readonly Uint8Array[]) => Promise<(PreparedMessage | null)[]>
  close: () => Promise<void>
}

const isUnreadable = (error: unknown): boolean => error instanceof PoolTimeoutError || error instanceof PoolCrashError

const preparingWorker = (storage: Config['storage']): Worker =>
  new Worker(new URL('./prepare.worker.ts', import.meta.url), { workerData: { storage } })

/** Starts threads on demand. */
export function startPreparer(
  storage: Config['storage'],
  spawn: () => Worker = () => preparingWorker(storage),
): Preparer {
  const pool = createWorkerPool<readonly Uint8Array[], PreparedMessage[]>({
    spawn,
    size: WORKERS,
    timeoutMs: CHUNK_LIMIT_MS,
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

  const chunk = async (raws: readonly Uint8Array[]): Promise<(PreparedMessage | null)[]> => {
    try {
      return await pool.run(raws)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      // One of them killed the thread; trying each alone shows which.
      return Promise.all(raws.map(single))
    }
  }

  return {
    prepare: async (raws) => {
      const chunks: (readonly Uint8Array[])[] = []
      for (let from = 0; from < raws.length; from += CHUNK) chunks.push(raws.slice(from, from + CHUNK))
      return (await Promise.all(chunks.map(chunk))).flat()
    },
    close: () => pool.close(),
  }
}
