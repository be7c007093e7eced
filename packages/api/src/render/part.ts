import { once } from 'node:events'
import { Readable } from 'node:stream'
import type { BlobRange, BlobStore } from '@mairust/db/blob'
import { createTransferDecoder, type PartPlace } from '@mairust/mail-core/message'

/**
 * The decoded content of a part, streamed from its place in the stored object.
 * @param range of the decoded content
 * @throws BlobStoreError
 */
export async function readPart(
  blobs: Pick<BlobStore, 'get'>,
  blobKey: string,
  { start, end, encoding, within: part }: PartPlace,
  range: BlobRange = { start: 0 },
): Promise<Readable> {
  if (end <= start) return Readable.from([], { objectMode: false })
  const encoded = await blobs.get(blobKey, { start, end: end - 1 })
  const wanted = part === undefined ? range : rangeWithin(part, range)
  const content = Readable.from(within(wanted, decoded(encoded, encoding)), { objectMode: false })
  // A generator that has not begun closes nothing.
  content.once('close', () => encoded.destroy())
  return content
}

/** A range of a file that is itself a range of what holds it. */
function rangeWithin(part: { start: number; end: number }, { start, end = Infinity }: BlobRange): BlobRange {
  return { start: part.start + start, end: Math.min(part.start + end, part.end - 1) }
}

async function* decoded(encoded: Readable, encoding: PartPlace['encoding']): AsyncGenerator<Buffer> {
  const decoder = createTransferDecoder(encoding)
  for await (const piece of encoded) yield decoder.push(piece as Buffer)
  yield decoder.end()
}

async function* within(range: BlobRange, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const end = range.end === undefined ? Infinity : range.end + 1
  let at = 0
  for await (const piece of pieces) {
    const wanted = piece.subarray(Math.max(0, range.start - at), Math.max(0, end - at))
    at += piece.length
    if (wanted.length > 0) yield wanted
    if (at >= end) return
  }
}

/** The first bytes of a stream, which stay in the stream. */
export async function firstBytes(content: Readable): Promise<Buffer> {
  await once(content, 'readable')
  const first = content.read() as Buffer | null
  if (first === null) return Buffer.alloc(0)
  content.unshift(first)
  return first
}
