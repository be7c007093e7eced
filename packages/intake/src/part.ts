import { createReadStream } from 'node:fs'
import type { ByteRange } from '@mairust/mail-core/header'

const CHUNK = 256 * 1024

/** Bytes in memory, or a range of a file. */
export type Part = Buffer | { readonly path: string; readonly from: number; readonly size: number }

/** Concatenates parts: a Buffer when all are in memory, of which a single one is not copied, else a stream. */
export function joined(parts: readonly Part[]): Buffer | AsyncIterable<Uint8Array> {
  const [first, ...others] = parts
  if (Buffer.isBuffer(first) && others.length === 0) return first
  return parts.every((part) => Buffer.isBuffer(part)) ? Buffer.concat(parts) : streamed(parts)
}

/** Bytes of a part. */
export function sizeOf(part: Part): number {
  return Buffer.isBuffer(part) ? part.length : part.size
}

/** What remains of a part without some of its ranges, which must be in order. */
export function without(part: Part, ranges: readonly ByteRange[]): Part[] {
  const ends = [0, ...ranges.map(({ to }) => to)]
  const starts = [...ranges.map(({ from }) => from), sizeOf(part)]
  return ends.map((from, at) => slice(part, from, starts[at] ?? sizeOf(part)))
}

/** The bytes of a part from the offset `from` to before `to`. */
export function slice(part: Part, from: number, to: number): Part {
  return Buffer.isBuffer(part) ? part.subarray(from, to) : { path: part.path, from: part.from + from, size: to - from }
}

async function* streamed(parts: readonly Part[]): AsyncIterable<Uint8Array> {
  for (const part of parts) {
    if (Buffer.isBuffer(part)) yield part
    else if (part.size > 0) {
      const { path, from, size } = part
      yield* createReadStream(path, {
        start: from,
        end: from + size - 1,
        highWaterMark: CHUNK,
      }) as AsyncIterable<Buffer>
    }
  }
}

/** Reads at most `size` bytes from the beginning of a part. */
export async function readStart(part: Part, size: number): Promise<Buffer> {
  if (Buffer.isBuffer(part)) return part.subarray(0, size)
  if (part.size === 0) return Buffer.alloc(0)
  const chunks: Buffer[] = []
  const end = part.from + Math.min(size, part.size) - 1
  for await (const chunk of createReadStream(part.path, { start: part.from, end })) {
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
