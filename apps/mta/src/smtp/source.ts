import { createReadStream } from 'node:fs'

/** Bytes in memory, or a stretch of a file. */
export type Part = Buffer | { readonly path: string; readonly from: number; readonly size: number }

/** The bytes of the parts one after the other: a Buffer when all are in memory, else a stream. */
export function joined(parts: readonly Part[]): Buffer | AsyncIterable<Uint8Array> {
  return parts.every((part) => Buffer.isBuffer(part)) ? Buffer.concat(parts) : streamed(parts)
}

async function* streamed(parts: readonly Part[]): AsyncIterable<Uint8Array> {
  for (const part of parts) {
    if (Buffer.isBuffer(part)) yield part
    else yield* createReadStream(part.path, { start: part.from, highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>
  }
}
