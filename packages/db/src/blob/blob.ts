import type { Readable } from 'node:stream'
import { newUuid, uuidText } from '@mairust/mail-core/id'
import { idBytes } from '../random.ts'

/** Bytes, or a stream of bytes. */
export type BlobSource = Uint8Array | AsyncIterable<Uint8Array>

/** Size in bytes and lower-case hex SHA-256 of what was written. */
export interface BlobInfo {
  size: number
  sha256: string
}

/** An object for `putAll`. */
export interface BlobObject {
  key: string
  bytes: Uint8Array
}

/** First and last byte, inclusive; without `end`, up to the last byte. */
export interface BlobRange {
  start: number
  end?: number | undefined
}

/**
 * Stores the bytes of messages. Every failure is a BlobStoreError, of which BlobNotFoundError and BlobStoreFullError are
 * subclasses.
 */
export interface BlobStore {
  /**
   * Stores an object; once it resolves, the whole object is on stable storage. A failure leaves nothing behind; an error of the
   * source is thrown as it is. Overwrites, but `blobKey` never returns a key twice.
   */
  put(key: string, source: BlobSource): Promise<BlobInfo>
  /**
   * Stores several objects like `put`, at a fraction of the cost: all are written before the first is synced. Keeps the order.
   * Only a store that cannot be written any more may leave objects behind after a failure.
   */
  putAll(objects: readonly BlobObject[]): Promise<BlobInfo[]>
  /** A stream of the object or a range of it. Throws BlobNotFoundError; RangeError when the range starts after the end. */
  get(key: string, range?: BlobRange): Promise<Readable>
  /** The whole object. Throws BlobNotFoundError. */
  read(key: string): Promise<Buffer>
  has(key: string): Promise<boolean>
  /** Removes an object; a missing one is not an error. */
  delete(key: string): Promise<void>
  /** The keys of objects stored before `olderThan` and created in the hour of `since` or later, in no order. */
  list(olderThan: Date, since?: Date): AsyncIterable<string>
  /** Removes unfinished objects from before this time, left by processes that died. */
  removeUnfinished(olderThan: Date): Promise<void>
  /** Resolves when the store can be written; throws when it cannot. */
  ready(): Promise<void>
}

export class BlobStoreError extends Error {
  override readonly name: string = 'BlobStoreError'
}
/** The object does not exist: its message is lost, or was purged meanwhile. */
export class BlobNotFoundError extends BlobStoreError {
  override readonly name = 'BlobNotFoundError'
}
/** No space left (452 4.3.1). */
export class BlobStoreFullError extends BlobStoreError {
  override readonly name = 'BlobStoreFullError'
}

const KEY = /^\d{4}\/\d{2}\/\d{2}\/\d{2}\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Creates the key of a new object: the hour in UTC, then a UUIDv7. Never used twice, never derived from a sender's input. */
export function blobKey(now: Date): string {
  const uuid = uuidText(newUuid({ now: () => now.getTime(), random: idBytes }))
  return `${hourOf(now)}/${uuid}`
}

/** The key prefix of this hour: `2026/01/31/23`. Prefixes sort by time. */
export function hourOf(at: Date): string {
  return at.toISOString().slice(0, 13).replaceAll(/[-T]/g, '/')
}

/** Whether `blobKey` could have created the key. */
export function isBlobKey(key: string): boolean {
  return KEY.test(key)
}

/** Throws BlobStoreError unless the key is one of ours, so that no key leads outside the store. */
export function checkBlobKey(key: string): void {
  if (!isBlobKey(key)) throw new BlobStoreError('not a key of this store')
}

/** Yields the bytes of a source in pieces. */
export async function* piecesOf(source: BlobSource): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) yield source
  else yield* source
}

/** Checks a range against a size and returns its last byte. Throws RangeError. */
export function lastByte(range: BlobRange, size: number): number {
  const end = Math.min(range.end ?? size - 1, size - 1)
  if (!Number.isSafeInteger(range.start) || range.start < 0 || range.start > end)
    throw new RangeError('outside the object')
  return end
}
