/** The queue is full, or no worker was free in time: nothing was started, the caller may try again later. */
export class PoolBusyError extends Error {
  override readonly name = 'PoolBusyError'
}

/** The task ran into its time limit and its worker was killed. */
export class PoolTimeoutError extends Error {
  override readonly name = 'PoolTimeoutError'
}

/** The worker died (exit, out of memory, uncaught error) while it had the task. */
export class PoolCrashError extends Error {
  override readonly name = 'PoolCrashError'
}

/** The pool was closed before the task had its answer. */
export class PoolClosedError extends Error {
  override readonly name = 'PoolClosedError'
}
