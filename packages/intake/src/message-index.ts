import { Worker } from 'node:worker_threads'
import { HOSTILE_VERSION, type MessageIndex } from '@mairust/mail-core/message'
import {
  createFairQueue,
  createWorkerPool,
  PoolBusyError,
  PoolCrashError,
  PoolTimeoutError,
} from '@mairust/worker-pool'
import { indexBytes, unreadable } from './index-bytes.ts'
import type { IndexTask } from './index-task.ts'
import { type Part, readStart, sizeOf } from './part.ts'

/** Builds what lists and search need of a message, where a hostile one cannot take the server down. */
export interface MessageIndexer {
  /**
   * Never fails because of the message: one that kills its worker or cannot be parsed gets an index that says so. One that would wait too
   * long for a worker gets an index of its header only. Both are stand-ins that are built again, the first after all others. Senders take
   * turns; large messages, and those of senders whose message killed its worker a while ago, leave a worker to the others.
   *
   * @param sender what a flood has in common: the client's network
   */
  index(parts: readonly Part[], sender: string): Promise<MessageIndex>
  /** Starts the workers ahead of the first messages. */
  warm(): void
  close(): Promise<void>
}

const WORKERS = 2
const TIME_LIMIT = 10_000
const MAX_WAITING = 5000
/** Milliseconds to wait for a free worker: an SMTP client is waiting for its reply. */
const WAIT_LIMIT = 3000
/** Messages of more bytes leave a worker to smaller ones. */
const LARGE = 1_048_576
/** Milliseconds for which senders do so after their message killed its worker. */
const BLAMED = 10 * 60_000
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
  const queue = createFairQueue({
    width: size,
    // One server may bring most of the mail.
    widthPerName: size,
    maxBytes: Infinity,
    maxWaitingPerName: MAX_WAITING,
    waitMs,
    slow: { width: Math.max(1, size - 1), bytes: LARGE, forMs: BLAMED },
  })
  async function read(parts: readonly Part[], sender: string): Promise<MessageIndex> {
    try {
      return await pool.run(parts)
    } catch (error) {
      // Before this turn ends, so that the next message of the sender is already slow.
      if (error instanceof PoolTimeoutError || error instanceof PoolCrashError) queue.blame(sender)
      throw error
    }
  }

  return {
    index: async (parts, sender) => {
      const bytes = parts.reduce((sum, part) => sum + sizeOf(part), 0)
      try {
        return await queue.run(sender, bytes, () => read(parts, sender))
      } catch (error) {
        if (error instanceof PoolBusyError) return { ...indexBytes(await headerOf(parts)), version: 0 }
        if (error instanceof PoolTimeoutError) return unreadable('The message took too long to read', HOSTILE_VERSION)
        if (error instanceof PoolCrashError) return unreadable('The message could not be read', HOSTILE_VERSION)
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
