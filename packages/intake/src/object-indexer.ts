import { Worker } from 'node:worker_threads'
import type { Config } from '@mairust/config'
import type { MessageIndex } from '@mairust/mail-core/message'
import { createWorkerPool, PoolCrashError, PoolTimeoutError } from '@mairust/worker-pool'

/** A stored object and the hash that it had when it was stored. */
export interface StoredObject {
  readonly blobKey: string
  readonly sha256: string
}

/**
 * Why a stored object has no index: it is not there; it cannot be read from the disk, or is not what was stored; it ended the
 * worker that read it.
 */
export type ObjectTrouble = 'missing' | 'damaged' | 'unreadable'

/** What came of reading a stored object. */
export type ObjectIndex = MessageIndex | ObjectTrouble

/** Reads stored objects into their indexes, in threads that a hostile message can only end. */
export interface ObjectIndexer {
  /** Throws when the store fails. */
  index(object: StoredObject): Promise<ObjectIndex>
  close(): Promise<void>
}

const TIME_LIMIT = 10_000

/** Makes an indexer on threads of its own, which start with the first object. */
export function createObjectIndexer(
  storage: Config['storage'],
  { size, spawn = () => startWorker(storage) }: { size: number; spawn?: () => Worker },
): ObjectIndexer {
  const pool = createWorkerPool<StoredObject, ObjectIndex>({ spawn, size, timeoutMs: TIME_LIMIT, maxQueue: Infinity })
  return {
    index: async ({ blobKey, sha256 }) => {
      try {
        return await pool.run({ blobKey, sha256 })
      } catch (error) {
        if (error instanceof PoolTimeoutError || error instanceof PoolCrashError) return 'unreadable'
        throw error
      }
    },
    close: () => pool.close(),
  }
}

function startWorker(storage: Config['storage']): Worker {
  return new Worker(new URL('./object-index.worker.ts', import.meta.url), {
    workerData: { storage },
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  })
}
