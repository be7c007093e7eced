import { once } from 'node:events'
import { Readable } from 'node:stream'
import type { BlobRange, BlobStore } from '@mairust/db/blob'
import {
  createTransferDecoder,
  type DecodingPoint,
  type PartPlace,
  type TransferDecoder,
} from '@mairust/mail-core/message'
import { AppError } from '../errors.ts'
import type { ReadingPace } from '../http/answer-stream.ts'
import type { HeldPlace, PartRoom } from './part-room.ts'
import type { Reader } from './tasks.ts'

/** Bytes decoded in a turn: some 2 milliseconds, whatever they are. */
const PIECE = 32_768
/** A range that is decoded at once, so that its place is free however slowly the client reads. */
const SMALL = 65_536

/** A part in a stored object. */
export type StoredPart = {
  blobKey: string
  place: PartPlace
  /** Bytes of its decoded content. */
  size: number
  /** From `decodingPoints`. */
  points: readonly DecodingPoint[]
}

export type PartSource = {
  blobs: Pick<BlobStore, 'get'>
  room: PartRoom
  reader: Reader
  /** Aborts when the client leaves. */
  signal?: AbortSignal | undefined
}

/** First and last byte of the decoded content, both included. */
type Wanted = { start: number; end: number }

/**
 * The decoded content of a part, streamed from its place in the stored object. Decodes what is wanted, from the nearest point before it.
 * @param range of the decoded content
 * @throws BlobStoreError, and AppError as `PartRoom` does
 */
export async function readPart(
  source: PartSource,
  part: StoredPart,
  range: BlobRange = { start: 0 },
): Promise<Readable> {
  const { place, size } = part
  const last = Math.min(range.end ?? Infinity, size - 1)
  if (last < range.start) return Readable.from([], { objectMode: false })
  const before = place.within?.start ?? 0
  const wanted = { start: before + range.start, end: before + last }
  if (place.encoding !== 'none') return readEncoded(source, part, wanted)
  return source.blobs.get(part.blobKey, { start: place.start + wanted.start, end: place.start + wanted.end })
}

async function readEncoded(
  { blobs, room, reader, signal }: PartSource,
  part: StoredPart,
  wanted: Wanted,
): Promise<Readable> {
  const { place, points, blobKey } = part
  const from = points.findLast(({ decoded }) => decoded <= wanted.start)
  const upTo = points.find(({ decoded }) => decoded > wanted.end)?.encoded ?? place.end
  const held = await room.enter(reader, signal)
  try {
    const encoded = await blobs.get(blobKey, { start: from?.encoded ?? place.start, end: upTo - 1 })
    const end = (): void => {
      encoded.destroy()
      held.release()
    }
    const pieces = within(
      wanted,
      from?.decoded ?? 0,
      decoded(encoded, createTransferDecoder(place.encoding, from?.state), held),
    )
    const bytes = wanted.end - wanted.start + 1
    if (bytes > SMALL) return streamed(pieces, bytes, room.pace, end)
    const content = await whole(pieces, signal).finally(end)
    return Readable.from([content], { objectMode: false })
  } catch (error) {
    held.release()
    throw error
  }
}

async function* decoded(encoded: Readable, decoder: TransferDecoder, { inTurn }: HeldPlace): AsyncGenerator<Buffer> {
  for await (const read of encoded as AsyncIterable<Buffer>) {
    for (let at = 0; at < read.length; at += PIECE) {
      yield await inTurn(() => decoder.push(read.subarray(at, at + PIECE)))
    }
  }
  yield await inTurn(() => decoder.end())
}

/** @param first offset of the first piece */
async function* within({ start, end }: Wanted, first: number, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let at = first
  for await (const piece of pieces) {
    const wanted = piece.subarray(Math.max(0, start - at), Math.max(0, end + 1 - at))
    at += piece.length
    if (wanted.length > 0) yield wanted
    if (at > end) return
  }
}

async function whole(pieces: AsyncIterable<Buffer>, signal: AbortSignal | undefined): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) {
    if (signal?.aborted === true) throw new AppError('INVALID_REQUEST', 'The client has disconnected.')
    all.push(piece)
  }
  return Buffer.concat(all)
}

/** Streams pieces as their client takes them, and gives up one that takes them too slowly. Calls `end` when it is over. */
function streamed(pieces: AsyncIterable<Buffer>, bytes: number, pace: ReadingPace, end: () => void): Readable {
  const stop = (): void => void content.destroy(new Error('The client reads its answer too slowly.'))
  const ofAll = setTimeout(stop, pace.pieceMs + (bytes / pace.bytesPerSecond) * 1000)
  const ofPiece = setTimeout(stop, pace.pieceMs)
  const taken = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      ofPiece.refresh()
      yield piece
    }
  }
  const content = Readable.from(taken(), { objectMode: false })
  // A generator that has not begun ends nothing.
  content.once('close', () => {
    clearTimeout(ofAll)
    clearTimeout(ofPiece)
    end()
  })
  return content
}

/** The first bytes of a stream, which stay in the stream. */
export async function firstBytes(content: Readable): Promise<Buffer> {
  await once(content, 'readable')
  const first = content.read() as Buffer | null
  if (first === null) return Buffer.alloc(0)
  content.unshift(first)
  return first
}
