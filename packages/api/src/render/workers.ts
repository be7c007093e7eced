import { Worker } from 'node:worker_threads'
import { createWorkerPool, PoolCrashError, PoolTimeoutError } from '@mairust/worker-pool'
import type { OpenedMessage, RenderResult, RenderTask, SanitizeInput, SanitizeResult, TextFormat } from './tasks.ts'

const PARSE_MS = 10_000
const SANITIZE_MS = 2_000
const HEAP_MB = 256

/** Worker threads that parse mail and are killed at their time limit. Each method returns null if that happens. */
export type RenderWorkers = {
  /** Transfers the bytes to the worker: the caller cannot use them afterwards. */
  parse: (raw: Buffer) => Promise<OpenedMessage | null>
  sanitize: (input: SanitizeInput) => Promise<SanitizeResult | null>
  /** Converts a text, or the text of HTML, to safe HTML; '' if it is blank. */
  text: (content: string, format: TextFormat) => Promise<string | null>
  close: () => Promise<void>
}

/** Makes the workers; they start with the first message. */
export function createRenderWorkers(
  limits: { size?: number; parseMs?: number; sanitizeMs?: number } = {},
): RenderWorkers {
  const { size = 2, parseMs = PARSE_MS, sanitizeMs = SANITIZE_MS } = limits
  // Bundlers recognise a worker's file only in this form.
  const pool = createWorkerPool<RenderTask, RenderResult>({
    spawn: () =>
      new Worker(new URL('./render.worker.ts', import.meta.url), {
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      }),
    size,
    timeoutMs: parseMs,
    maxQueue: 1000,
  })

  /** Runs a task whose kind determines the type of its result (see `runTask`); null if its worker was killed. */
  async function run<T extends RenderResult>(task: RenderTask, timeoutMs: number): Promise<T | null> {
    try {
      const transfer = task.kind === 'parse' ? [task.raw.buffer as ArrayBuffer] : undefined
      return (await pool.run(task, { timeoutMs, transfer })) as T
    } catch (error) {
      if (error instanceof PoolTimeoutError || error instanceof PoolCrashError) return null
      throw error
    }
  }

  return {
    parse: (raw) => run<OpenedMessage>({ kind: 'parse', raw: ownMemory(raw) }, parseMs),
    sanitize: (input) => run<SanitizeResult>({ kind: 'sanitize', ...input }, sanitizeMs),
    text: (content, format) => run<string>({ kind: 'text', content, format }, sanitizeMs),
    close: () => pool.close(),
  }
}

/** Copies bytes that share their memory with others, since only whole memory blocks can be transferred. */
function ownMemory(raw: Buffer): Uint8Array {
  return raw.byteLength === raw.buffer.byteLength ? raw : new Uint8Array(raw)
}
