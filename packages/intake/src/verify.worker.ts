import { workerData } from 'node:worker_threads'
import { createResolver, type ResolverOptions } from '@mairust/dns'
import { serveTasks } from '@mairust/worker-pool'
import { type VerifyTask, verifyTask } from './verify-task.ts'

const resolver = createResolver((workerData as { dns: ResolverOptions }).dns)

serveTasks((task: VerifyTask) => verifyTask(task, resolver))
