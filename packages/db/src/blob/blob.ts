import type { Readable } from 'node:stream'
import { newUuid, uuidText } from '@mairust/mail-core/id'
import { idBytes } from '../random.ts'

/** What `put` takes: bytes, or a source of bytes. */
export type BlobSource = Uint8Array | AsyncIterable<Uint8Array>

/** What was written: bytes and lower-case hex SHA-256. */
export interface BlobInfo {
  size: number
  sha256: string
}

/** One of the objects of `putAll`. */
export interface BlobObject {
  key: string
  bytes: Uint8Array
}

/** First and last byte, both included; without `end` to the end. */
export interface BlobRange {
  start: number
  end?: number | undefined
}

/**
 * Where the bytes of messages are kept. Every failure is a BlobStoreError; BlobNotFoundError and BlobStoreFullError are kinds of it.
 */
export interface BlobStore {
  /**
   * Stores an object; when it resolves the object is on stable storage, whole. A failure, of the source too, leaves nothing; a
   * failure of the source is thrown as it is. Overwrites, but keys made by `blobKey` are never used twice.
   */
  put(key: string, source: BlobSource): Promise<BlobInfo>
  /**
   * Stores several objects as `put` stores each, at a fraction of the cost: all are written before the first is synced. In the order
   * given. After a failure objects may be left that nothing refers to.
   */
  putAll(objects: readonly BlobObject[]): Promise<BlobInfo[]>
  /** A stream of the object, or of a range of it. Throws BlobNotFoundError; RangeError when the range begins after the end. */
  get(key: string, range?: BlobRange): Promise<Readable>
  /** The whole object. Throws BlobNotFoundError. */
  read(key: string): Promise<Buffer>
  has(key: string): Promise<boolean>
  /** Removes an object; one that is not there is no failure. */
  delete(key: string): Promise<void>
  /** The keys of objects stored before this moment, and whose key was not made before the hour of `since`, in no order. */
  list(olderThan: Date, since?: Date): AsyncIterable<string>
  /** Removes what was being written before this moment and never became an object: its process died. */
  removeUnfinished(olderThan: Date): Promise<void>
  /** Resolves when the store can be written; throws when it cannot. */
  ready(): Promise<void>
}

export class BlobStoreError extends Error {
  override readonly name: string = 'BlobStoreError'
}
/** The object is not there: its message is lost, or was purged meanwhile. */
export class BlobNotFoundError extends BlobStoreError {
  override readonly name = 'BlobNotFoundError'
}
/** No room left (452 4.3.1). */
export class BlobStoreFullError extends BlobStoreError {
  override readonly name = 'BlobStoreFullError'
}

const KEY = /^\d{4}\/\d{2}\/\d{2}\/\d{2}\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Makes the key of a new object: the hour in UTC, then a UUIDv7. Never used twice, never made from what a stranger sent. */
export function blobKey(now: Date): string {
  const uuid = uuidText(newUuid({ now: () => now.getTime(), random: idBytes }))
  return `${hourOf(now)}/${uuid}`
}

/** The first part of the keys made in this hour: `2026/01/31/23`. They sort by time. */
export function hourOf(at: Date): string {
  return at.toISOString().slice(0, 13).replaceAll(/[-T]/g, '/')
}

/** True for what `blobKey` makes. */
export function isBlobKey(key: string): boolean {
  return KEY.test(key)
}

/** Throws BlobStoreError unless the key is one of ours, so that no key leads out of the store. */
export function checkBlobKey(key: string): void {
  if (!isBlobKey(key)) throw new BlobStoreError('not a key of this store')
}

/** The bytes of a source in pieces. */
export async function* piecesOf(source: BlobSource): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) yield source
  else yield* source
}

/** Checks a range against a size and gives its last byte. Throws RangeError. */
export function lastByte(range: BlobRange, size: number): number {
  const end = Math.min(range.end ?? size - 1, size - 1)
  if (!Number.isSafeInteger(range.start) || range.start < 0 || range.start > end)
    throw new RangeError('outside the object')
  return end
}
