import { createTransferDecoder, type DecoderState } from './transfer-stream.ts'
import type { PartPlace } from './types.ts'

/** A place in the encoded content of a part where decoding can begin. */
export type DecodingPoint = {
  /** Offset in the message. */
  encoded: number
  /** Offset in the decoded content. */
  decoded: number
  state: DecoderState
}

/** Encoded bytes from one point to the next. */
export const POINT_BYTES = 131_072
const PIECE = 65_536

/**
 * The points of a part, one every `POINT_BYTES`: with them, a range of it is decoded without all that precedes it. Decodes all of it, once.
 */
export function decodingPoints(message: Buffer, { start, end, encoding }: PartPlace): DecodingPoint[] {
  if (encoding === 'none' || end - start <= POINT_BYTES) return []
  const decoder = createTransferDecoder(encoding)
  const points: DecodingPoint[] = []
  let decoded = 0
  for (let at = start; at < end; at += PIECE) {
    if (at > start && (at - start) % POINT_BYTES === 0) points.push({ encoded: at, decoded, state: decoder.state() })
    decoded += decoder.push(message.subarray(at, Math.min(end, at + PIECE))).length
  }
  return points
}
