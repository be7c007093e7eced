import { workerData } from 'node:worker_threads'
import { createResolver, type ResolverOptions } from '@mairust/dns'
import { serveTurns } from '@mairust/worker-pool'
import { type VerifyTask, verifyTask } from './verify-task.ts'

const resolver = createResolver((workerData as { dns: ResolverOptions }).dns)

serveTurns((task: VerifyTask, after) => verifyTask(task, resolver, after))
