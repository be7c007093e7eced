import { workerData } from 'node:worker_threads'
import type { Config } from '@mairust/config'
import { openBlobStore } from '@mairust/db/blob'
import { serveTasks } from '@mairust/worker-pool'
import { prepareMessages } from './prepare.ts'

const store = openBlobStore((workerData as { storage: Config['storage'] }).storage)

serveTasks(async (raws: readonly Uint8Array[]) => prepareMessages(await store, raws, new Date()))
