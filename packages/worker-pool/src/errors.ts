/** The queue is full, or no worker was free in time: the task never started and the caller may retry later. */
export class PoolBusyError extends Error {
  override readonly name = 'PoolBusyError'
}

/** The task exceeded its time limit and its worker was killed. */
export class PoolTimeoutError extends Error {
  override readonly name = 'PoolTimeoutError'
}

/** The worker died (exit, out of memory, uncaught error) while running the task. */
export class PoolCrashError extends Error {
  override readonly name = 'PoolCrashError'
}

/** The pool was closed before the task finished. */
export class PoolClosedError extends Error {
  override readonly name = 'PoolClosedError'
}
