import { type BlobInfo, type BlobStore, blobKey } from '@mairust/db/blob'
import { buildIndex, type MessageIndex } from '@mairust/mail-core/message'

/** A message whose object is on stable storage, and what its rows need. */
export interface Prepared extends BlobInfo {
  blobKey: string
  index: MessageIndex
}

/** Stores the object of a message and reads its index while the disk works. */
export async function prepareMessage(blobs: BlobStore, raw: Uint8Array, now: Date): Promise<Prepared> {
  const key = blobKey(now)
  const stored = blobs.put(key, raw)
  // Awaited below; until then its failure must not count as unhandled.
  stored.catch(() => undefined)
  const index = buildIndex(raw)
  return { blobKey: key, ...(await stored), index }
}
