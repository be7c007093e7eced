import { Worker } from 'node:worker_threads'
import {
  createWorkerPool,
  PoolBusyError,
  PoolCrashError,
  PoolTimeoutError,
  type WorkerPool,
} from '@mairust/worker-pool'
import { AppError } from '../errors.ts'
import type {
  OpenedAttachment,
  OpenedMessage,
  RenderResult,
  RenderTask,
  SanitizedHtml,
  SanitizeInput,
  TextFormat,
} from './tasks.ts'

const PARSE_MS = 10_000
const SANITIZE_MS = 2_000
const WORKERS = 2
const MAX_QUEUE = 200
const HEAP_MB = 256

/** Opens messages in worker threads that are killed at their limit, so that no message can stall a request of another. */
export type Renderer = {
  /** Parses a stored object; null when that ran into its limit. Throws UNAVAILABLE when too many wait already. */
  open: (raw: Buffer) => Promise<OpenedMessage | null>
  /** The attachment with this index, or null. Throws UNAVAILABLE as above, or when it cannot be read within the limit. */
  attachment: (raw: Buffer, index: number) => Promise<OpenedAttachment | null>
  /** Sanitises HTML; null when that ran into its limit of 2 s. */
  sanitize: (input: SanitizeInput) => Promise<SanitizedHtml | null>
  /** A text, or that of HTML, as safe HTML; '' when it is blank, null when that ran into the limit of 2 s. */
  text: (content: string, format: TextFormat) => Promise<string | null>
  close: () => Promise<void>
}

/** Makes a renderer; its workers start with the first message. */
export function createRenderer(limits: { parseMs?: number; sanitizeMs?: number } = {}): Renderer {
  const { parseMs = PARSE_MS, sanitizeMs = SANITIZE_MS } = limits
  // Bundlers recognise the worker's file by this exact form.
  const pool: WorkerPool<RenderTask, RenderResult> = createWorkerPool({
    spawn: () =>
      new Worker(new URL('./render.worker.ts', import.meta.url), {
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      }),
    size: WORKERS,
    timeoutMs: parseMs,
    maxQueue: MAX_QUEUE,
  })

  /** Runs a task whose result has the shape its kind says (see `runTask`); null when its worker was killed. */
  async function run<T extends RenderResult>(task: RenderTask, timeoutMs: number): Promise<T | null> {
    try {
      const transfer = 'raw' in task ? [task.raw.buffer as ArrayBuffer] : undefined
      return (await pool.run(task, { timeoutMs, transfer })) as T
    } catch (error) {
      if (error instanceof PoolTimeoutError || error instanceof PoolCrashError) return null
      if (error instanceof PoolBusyError) {
        throw new AppError('UNAVAILABLE', 'Too many messages are being opened. Try again.', {
          cause: error,
          retryAfter: 2,
        })
      }
      throw error
    }
  }

  return {
    open: (raw) => run<OpenedMessage>({ kind: 'parse', raw: copyOf(raw) }, parseMs),
    attachment: (raw, index) => run<OpenedAttachment>({ kind: 'attachment', raw: copyOf(raw), index }, parseMs),
    sanitize: (input) => run<SanitizedHtml>({ kind: 'sanitize', ...input }, sanitizeMs),
    text: (content, format) => run<string>({ kind: 'text', content, format }, sanitizeMs),
    close: () => pool.close(),
  }
}

/** A copy that has its memory to itself: only such memory can be handed over to the worker. */
function copyOf(raw: Buffer): Uint8Array {
  return new Uint8Array(raw)
}
