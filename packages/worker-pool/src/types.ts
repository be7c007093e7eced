import type { Transferable, Worker } from 'node:worker_threads'

/** How a pool starts its workers and what it allows them. */
export type WorkerPoolOptions = {
  /** Starts one worker whose file calls `serveTasks`. Called lazily, and again after a kill or crash. */
  spawn: () => Worker
  /** Most workers alive at once, at least 1. */
  size: number
  /** Milliseconds a task may run (its time in the queue does not count) before its worker is killed. */
  timeoutMs: number
  /** Most tasks waiting for a worker; one more is refused with `PoolBusyError`. */
  maxQueue: number
  /** Milliseconds a task may wait for a worker before it is refused with `PoolBusyError`; for ever unless told. */
  waitMs?: number | undefined
}

/** What one call may set for itself. */
export type RunOptions = {
  /** Milliseconds for this task instead of the pool's. */
  timeoutMs?: number | undefined
  /** Buffers handed over instead of copied; the caller cannot use them afterwards. */
  transfer?: readonly Transferable[] | undefined
}

/** A bounded set of worker threads that each do one task at a time. */
export type WorkerPool<In, Out> = {
  /**
   * Runs one task. Rejects with `PoolBusyError`, `PoolTimeoutError`, `PoolCrashError`, `PoolClosedError`,
   * or with the error that the handler threw.
   */
  run: (input: In, options?: RunOptions) => Promise<Out>
  /** Kills every worker; running and waiting tasks reject with `PoolClosedError`. */
  close: () => Promise<void>
}
