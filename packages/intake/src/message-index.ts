import { Worker } from 'node:worker_threads'
import type { MessageIndex } from '@mairust/mail-core/message'
import { createWorkerPool, PoolBusyError, PoolCrashError, PoolTimeoutError } from '@mairust/worker-pool'
import { indexBytes, unreadable } from './index-bytes.ts'
import type { IndexTask } from './index-task.ts'
import { type Part, readStart } from './part.ts'

/** Builds what lists and search need of a message, where a hostile one cannot take the server down. */
export interface MessageIndexer {
  /**
   * Never fails because of the message: one that kills its worker or cannot be parsed gets an index that says so. One that would wait too
   * long for a worker gets an index of its header only. Both are stand-ins, with version 0.
   */
  index(parts: readonly Part[]): Promise<MessageIndex>
  /** Starts the workers ahead of the first messages. */
  warm(): void
  close(): Promise<void>
}

const WORKERS = 2
const TIME_LIMIT = 10_000
const MAX_WAITING = 5000
/** Milliseconds to wait for a free worker: an SMTP client is waiting for its reply. */
const WAIT_LIMIT = 3000
/** Most header bytes parsed in this process; any 32 KiB take only a few milliseconds. */
const MAX_HEADER = 32 * 1024

/** Creates an indexer on worker threads; the worker's file lies beside this one, in the bundle too. */
export function createMessageIndexer(
  spawn: () => Worker = startWorker,
  { size = WORKERS, waitMs = WAIT_LIMIT }: { size?: number; waitMs?: number } = {},
): MessageIndexer {
  const pool = createWorkerPool<IndexTask, MessageIndex>({
    spawn,
    size,
    timeoutMs: TIME_LIMIT,
    maxQueue: MAX_WAITING,
    waitMs,
  })
  return {
    index: async (parts) => {
      try {
        return await pool.run(parts)
      } catch (error) {
        if (error instanceof PoolBusyError) return { ...indexBytes(await headerOf(parts)), version: 0 }
        if (error instanceof PoolTimeoutError) return unreadable('The message took too long to read')
        if (error instanceof PoolCrashError) return unreadable('The message could not be read')
        throw error
      }
    },
    warm: () => {
      for (let count = 0; count < size; count += 1) pool.run([]).catch(() => undefined)
    },
    close: () => pool.close(),
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./message-index.worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  })
}

async function headerOf(parts: readonly Part[]): Promise<Buffer> {
  const start: Buffer[] = []
  for (let left = MAX_HEADER, at = 0; left > 0 && at < parts.length; at += 1) {
    const piece = await readStart(parts[at] ?? Buffer.alloc(0), left)
    left -= piece.length
    start.push(piece)
  }
  const bytes = Buffer.concat(start)
  const end = bytes.indexOf('\r\n\r\n')
  return end === -1 ? bytes : bytes.subarray(0, end + 4)
}
