export { createWorkerPool } from './pool.ts'
export { serveTasks } from './serve.ts'
export { PoolBusyError, PoolClosedError, PoolCrashError, PoolTimeoutError } from './errors.ts'
export type { RunOptions, WorkerPool, WorkerPoolOptions } from './types.ts'
