import { type BlobInfo, type BlobStore, blobKey } from '@mairust/db/blob'
import type { MessageIndex } from '@mairust/mail-core/message'
import { indexBytes } from './index-bytes.ts'

/** A message whose blob is on stable storage, and what its rows need. */
export interface PreparedMessage extends BlobInfo {
  blobKey: string
  index: MessageIndex
}

/** Stores the blobs of messages and builds their indexes while the disk works. Keeps the order. */
export async function prepareMessages(
  blobs: BlobStore,
  raws: readonly Uint8Array[],
  now: Date,
): Promise<PreparedMessage[]> {
  const objects = raws.map((bytes) => ({ key: blobKey(now), bytes }))
  const stored = blobs.putAll(objects)
  // Awaited below; until then a failure must not count as unhandled.
  stored.catch(() => undefined)
  const indexes = raws.map(indexBytes)
  const infos = await stored
  return objects.flatMap(({ key }, at) => {
    const [info, index] = [infos[at], indexes[at]]
    return info === undefined || index === undefined ? [] : [{ ...info, blobKey: key, index }]
  })
}
