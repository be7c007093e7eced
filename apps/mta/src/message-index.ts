import { Worker } from 'node:worker_threads'
import type { MessageIndex } from '@mairust/mail-core/message'
import { createWorkerPool, PoolCrashError, PoolTimeoutError } from '@mairust/worker-pool'
import type { IndexTask } from './message-index.worker.ts'
import type { Part } from './smtp/source.ts'

/** Reads messages into what lists and search need, where a hostile one cannot stop the server. */
export interface MessageIndexer {
  /** Never fails on account of the message: one that kills its worker gets an index that says so. */
  index(parts: readonly Part[]): Promise<MessageIndex>
  /** Starts the workers, so that the first messages do not wait for them. */
  warm(): void
  close(): Promise<void>
}

const WORKERS = 2
const TIME_LIMIT = 10_000
const MAX_WAITING = 5000

/** Makes an indexer on worker threads; the worker's file lies beside this one, also in the bundle. */
export function createMessageIndexer(spawn: () => Worker = startWorker): MessageIndexer {
  const pool = createWorkerPool<IndexTask, MessageIndex>({
    spawn,
    size: WORKERS,
    timeoutMs: TIME_LIMIT,
    maxQueue: MAX_WAITING,
  })
  return {
    index: async (parts) => {
      try {
        return await pool.run(parts)
      } catch (error) {
        if (error instanceof PoolTimeoutError) return unreadable('The message took too long to read')
        if (error instanceof PoolCrashError) return unreadable('The message could not be read')
        throw error
      }
    },
    warm: () => {
      for (let count = 0; count < WORKERS; count += 1) pool.run([]).catch(() => undefined)
    },
    close: () => pool.close(),
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./message-index.worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  })
}

function unreadable(parseError: string): MessageIndex {
  return {
    subject: '',
    from: [],
    sender: null,
    to: [],
    cc: [],
    bcc: [],
    replyTo: [],
    date: null,
    messageId: null,
    inReplyTo: null,
    references: [],
    preview: '',
    attachments: [],
    hasAttachments: false,
    threadSubject: '',
    search: { subject: [], sender: [], recipients: [], body: [] },
    parseError,
  }
}
