import { Worker } from 'node:worker_threads'
import type { ReturnedMail } from '@mairust/mail-core/bounce/inbound'
import { createWorkerPool, PoolCrashError, PoolTimeoutError } from '@mairust/worker-pool'
import type { ReturnedTask } from './returned-task.ts'

/** Reads mail that came back, in a thread that a hostile message can only end. */
export interface ReturnedReader {
  /** Null: it cannot be read. */
  read(task: ReturnedTask): Promise<ReturnedMail | null>
  close(): Promise<void>
}

const TIME_LIMIT = 10_000

/** Makes a reader; its thread starts with the first mail. */
export function createReturnedReader(spawn: () => Worker = startWorker): ReturnedReader {
  const pool = createWorkerPool<ReturnedTask, ReturnedMail>({
    spawn,
    size: 1,
    timeoutMs: TIME_LIMIT,
    maxQueue: Infinity,
  })
  return {
    read: async (task) => {
      try {
        return await pool.run(task)
      } catch (error) {
        if (error instanceof PoolTimeoutError || error instanceof PoolCrashError) return null
        throw error
      }
    },
    close: () => pool.close(),
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./returned.worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  })
}
