import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { BlobNotFoundError, type BlobStore, checkBlobKey, hourOf, lastByte, piecesOf } from './blob.ts'

const checked = async (key: string): Promise<void> => {
  checkBlobKey(key)
  await Promise.resolve()
}

/**
 * A store that lasts as long as the process; for tests.
 * @internal
 */
export function memoryBlobStore(now: () => Date = () => new Date()): BlobStore {
  const objects = new Map<string, { bytes: Buffer; at: Date }>()
  const bytesOf = (key: string): Buffer => {
    const object = objects.get(key)
    if (object === undefined) throw new BlobNotFoundError(`there is no object ${key}`)
    return object.bytes
  }
  return {
    async put(key, source) {
      checkBlobKey(key)
      const pieces: Uint8Array[] = []
      for await (const piece of piecesOf(source)) pieces.push(Uint8Array.from(piece))
      const bytes = Buffer.concat(pieces)
      objects.set(key, { bytes, at: now() })
      return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
    },
    putAll(objects) {
      return Promise.all(objects.map(({ key, bytes }) => this.put(key, bytes)))
    },
    async get(key, range) {
      const bytes = await this.read(key)
      return Readable.from([
        range === undefined ? bytes : bytes.subarray(range.start, lastByte(range, bytes.length) + 1),
      ])
    },
    read: (key) => checked(key).then(() => Buffer.from(bytesOf(key))),
    has: (key) => checked(key).then(() => objects.has(key)),
    delete: (key) => checked(key).then(() => void objects.delete(key)),
    async *list(olderThan, since) {
      const from = since === undefined ? '' : hourOf(since)
      for (const [key, { at }] of objects) if (at < olderThan && key >= from) yield await Promise.resolve(key)
    },
    removeUnfinished: () => Promise.resolve(),
    ready: () => Promise.resolve(),
  }
}
