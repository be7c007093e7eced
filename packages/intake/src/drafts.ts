import { Worker } from 'node:worker_threads'
import { type BlobStore, blobKey } from '@mairust/db/blob'
import type { ComposeTools } from '@mairust/mail-core/message/compose'
import {
  createFairQueue,
  createWorkerPool,
  type FairQueueOptions,
  PoolCrashError,
  PoolTimeoutError,
} from '@mairust/worker-pool'
import type { DraftChanges, DraftResult, DraftTask } from './draft-task.ts'
import type { PreparedMessage } from './prepare.ts'
import type { SubmitResult, SubmitSource, SubmitTask } from './submit-task.ts'

export type { DraftAttachment, DraftChanges } from './draft-task.ts'
export { internalJourney } from './internal-journey.ts'
export type { Addressed, SubmittedMessage, SubmitSource } from './submit-task.ts'

/** A draft to be written. */
export interface DraftRequest {
  /** Whose turn it takes. */
  readonly author: string
  /** The draft as it is stored; null for a new one. */
  readonly base: { readonly blobKey: string; readonly size: number } | null
  readonly changes: DraftChanges
  readonly tools: ComposeTools
  /** Most bytes that it may have. */
  readonly maxBytes: number
}

/** The draft, on stable storage and without a row yet, or why there is none; then nothing of it remains. */
export type DraftOutcome =
  /** `joins`: it answers other messages than before. */
  | { readonly kind: 'stored'; readonly object: PreparedMessage; readonly joins: boolean }
  | Exclude<DraftResult, { kind: 'edited' }>

/** A message that is sent. */
export interface SubmitRequest extends Omit<SubmitTask, 'source'> {
  /** Whose turn it takes. */
  readonly author: string
  readonly source: SubmitSource
}

/** Writes drafts, and what is sent, in threads that a hostile one, imported for example, can only end. */
export interface DraftComposer {
  /**
   * Authors take turns, and only so many bytes are in memory at once.
   * @throws PoolBusyError when too much waits, and whatever the blob store throws
   */
  compose(request: DraftRequest): Promise<DraftOutcome>
  /**
   * Writes a message as it is sent; nothing is stored.
   * @throws PoolBusyError when too much waits
   */
  submit(request: SubmitRequest): Promise<SubmitResult>
  close(): Promise<void>
}

const WORKERS = 2
const TIME_LIMIT = 30_000
const MIB = 1_048_576
const QUEUE: FairQueueOptions = {
  width: WORKERS,
  widthPerName: 1,
  maxBytes: 64 * MIB,
  maxWaitingPerName: 16,
  waitMs: 20_000,
}

/** Makes a composer; its threads start with the first draft. */
export function createDraftComposer({
  blobs,
  spawn = startWorker,
  timeoutMs = TIME_LIMIT,
}: {
  blobs: Pick<BlobStore, 'read' | 'put'>
  spawn?: () => Worker
  timeoutMs?: number
}): DraftComposer {
  const queue = createFairQueue(QUEUE)
  const pool = createWorkerPool<DraftTask | SubmitTask, DraftResult | SubmitResult>({
    spawn,
    size: WORKERS,
    timeoutMs,
    maxQueue: Infinity,
  })

  const run = async (task: DraftTask | SubmitTask): Promise<DraftResult | SubmitResult> => {
    try {
      return await pool.run(task)
    } catch (error) {
      if (error instanceof PoolTimeoutError) return { kind: 'unreadable', reason: 'it took too long to read' }
      if (error instanceof PoolCrashError) return { kind: 'unreadable', reason: 'it could not be read' }
      throw error
    }
  }

  return {
    compose: ({ author, base, changes, tools, maxBytes }) =>
      queue.run(author, heldBytes(base?.size ?? 0, changes), async () => {
        const result = await run({
          base: base === null ? new Uint8Array() : await blobs.read(base.blobKey),
          changes,
          tools,
          maxBytes,
        })
        if (result.kind === 'submitted' || result.kind === 'refused') throw new Error('A draft is not sent')
        if (result.kind !== 'edited') return result
        const { bytes, joins, index } = result
        const key = blobKey(tools.date)
        return { kind: 'stored', joins, object: { ...(await blobs.put(key, bytes)), blobKey: key, index } }
      }),
    submit: ({ author, source, ...task }) =>
      queue.run(author, sourceBytes(source), async () => {
        const result = await run({ source, ...task })
        if (result.kind === 'edited') throw new Error('What is sent is no draft')
        return result
      }),
    close: () => pool.close(),
  }
}

/**
 * About the bytes that a change holds: the draft, what is new, and the files that are kept where the body is written anew. What else
 * there is hardly counts.
 */
function heldBytes(base: number, { text, html, attachments }: DraftChanges): number {
  const fresh = (attachments ?? []).reduce<number>(
    (sum, file) => sum + (typeof file === 'number' ? 0 : file.content.length),
    0,
  )
  const isWritten = text !== undefined || html !== undefined || attachments !== undefined
  return (isWritten ? 2 : 1) * base + fresh + (text?.length ?? 0) + (html?.length ?? 0)
}

/** The same of what is sent. */
function sourceBytes(source: SubmitSource): number {
  if ('changes' in source) return heldBytes(0, source.changes)
  return 2 * ('bytes' in source ? source.bytes : source.draft).length
}

function startWorker(): Worker {
  return new Worker(new URL('./draft.worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 512 } })
}
