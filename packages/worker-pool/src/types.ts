import type { Transferable, Worker } from 'node:worker_threads'

/** How a pool starts its workers, and their limits. */
export type WorkerPoolOptions = {
  /** Starts one worker whose file calls `serveTasks`. Called lazily, and again after a kill or crash. */
  spawn: () => Worker
  /** Most workers alive at once, at least 1. */
  size: number
  /** Milliseconds a task may run, not counting its time in the queue, before its worker is killed. */
  timeoutMs: number
  /** Most tasks waiting for a worker; further ones are refused with `PoolBusyError`. */
  maxQueue: number
  /** Milliseconds a task may wait for a worker before it is refused with `PoolBusyError`; unlimited by default. */
  waitMs?: number | undefined
}

/** Options of a single call. */
export type RunOptions = {
  /** Overrides the pool's time limit for this task. */
  timeoutMs?: number | undefined
  /** Buffers transferred instead of copied; the caller cannot use them afterwards. */
  transfer?: readonly Transferable[] | undefined
}

/** A bounded set of worker threads. */
export type WorkerPool<In, Out> = {
  /**
   * Runs one task. Rejects with `PoolBusyError`, `PoolTimeoutError`, `PoolCrashError`, `PoolClosedError`,
   * or with the error that the handler threw.
   */
  run: (input: In, options?: RunOptions) => Promise<Out>
  /** Kills every worker; running and waiting tasks reject with `PoolClosedError`. */
  close: () => Promise<void>
}
