import { createHash } from 'node:crypto'
import { workerData } from 'node:worker_threads'
import type { Config } from '@mairust/config'
import { BlobNotFoundError, openBlobStore } from '@mairust/db/blob'
import { buildIndex } from '@mairust/mail-core/message'
import { serveTasks } from '@mairust/worker-pool'
import type { ObjectIndex, StoredObject } from './object-indexer.ts'
import { Thinner } from './thin.ts'

const store = openBlobStore((workerData as { storage: Config['storage'] }).storage)

/** Want of a resource says nothing about the object. */
const PASSING = new Set<unknown>(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN'])

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && PASSING.has(error.code)) || isPassing(error.cause)
}

serveTasks(async ({ blobKey, sha256 }: StoredObject): Promise<ObjectIndex> => {
  const hash = createHash('sha256')
  const thinner = new Thinner()
  try {
    for await (const chunk of (await (await store).get(blobKey)) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      thinner.take(chunk)
    }
  } catch (error) {
    if (error instanceof BlobNotFoundError) return 'missing'
    if (isPassing(error)) throw error
    return 'damaged'
  }
  return hash.digest('hex') === sha256 ? buildIndex(thinner.end()) : 'damaged'
})
