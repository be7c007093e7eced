import { Worker } from 'node:worker_threads'
import { createWorkerPool } from '../src/index.ts'

// A program that never closes its pool.
const workers = createWorkerPool<{ do: string; value: number }, number>({
  spawn: () => new Worker(new URL('tasks.worker.ts', import.meta.url)),
  size: 1,
  timeoutMs: 60_000,
  maxQueue: 1,
})
process.stdout.write(String(await workers.run({ do: 'double', value: 6 })))
