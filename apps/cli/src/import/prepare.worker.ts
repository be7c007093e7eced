import { workerData } from 'node:worker_threads'
import type { Config } from '@mairust/config'
import { openBlobStore } from '@mairust/db/blob'
import { serveTasks } from '@mairust/worker-pool'
import { prepareMessage } from './prepare.ts'

const store = openBlobStore((workerData as { storage: Config['storage'] }).storage)

serveTasks(async (raws: readonly Uint8Array[]) => {
  const blobs = await store
  return Promise.all(raws.map((raw) => prepareMessage(blobs, raw, new Date())))
})
