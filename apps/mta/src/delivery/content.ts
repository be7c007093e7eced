import type { BlobStore } from '@mairust/db/blob'

/** The bytes of a message, as they go out but for the dots. */
export interface MessageContent {
  readonly size: number
  /** Whether there are bytes over 127. */
  readonly eightBit: boolean
  /** The bytes, once from the beginning. Rejects or throws when they cannot be read. */
  readonly read: () => AsyncIterable<Uint8Array>
}

/** A stored object, or its end, behind header fields of our own. */
export interface StoredMessage {
  readonly key: string
  readonly prefix: Buffer
  /** Bytes of the object that are left out at its beginning. */
  readonly from: number
  /** Bytes of the whole object. */
  readonly size: number
  readonly eightBit: boolean
}

/** Objects up to this size are read at once, which costs one call; larger ones stream. */
const SMALL = 256 * 1024

/** A message in the blob store: nothing of it is copied. */
export function storedContent(blobs: Pick<BlobStore, 'read' | 'get'>, message: StoredMessage): MessageContent {
  const { key, prefix, from, size, eightBit } = message
  async function* read(): AsyncGenerator<Uint8Array> {
    const small = size <= SMALL ? await blobs.read(key) : null
    if (prefix.length > 0) yield prefix
    if (small !== null) yield small.subarray(from)
    else yield* await blobs.get(key, { start: from })
  }
  return { size: prefix.length + size - from, eightBit, read }
}
