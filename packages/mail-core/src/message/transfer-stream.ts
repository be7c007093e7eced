import { stepBase64 } from './base64.ts'
import { stepQuotedPrintable } from './quoted-printable.ts'
import type { Step } from './step.ts'
import type { Encoding } from './types.ts'
import { stepUuencode } from './uuencode.ts'

/** Decodes a part piece by piece; the pieces add up to what the parser returns for the whole. */
export type TransferDecoder = {
  /** What is certain so far; at most some 1,000 bytes wait for more. Takes time and memory for the piece, whatever it contains. */
  push: (piece: Buffer) => Buffer
  /** Returns what was held back for the next piece. */
  end: () => Buffer
  /** What another decoder needs to go on from here. */
  state: () => DecoderState
}

/** What a decoder knows of what it has read. */
export type DecoderState = { rest: Uint8Array; phase: number }

/** Bytes decoded at a time. */
const PIECE = 65_536
const EMPTY = Buffer.alloc(0)

const STEPS: Readonly<Record<Encoding, Step>> = {
  none: (bytes, phase) => ({ out: bytes, rest: EMPTY, phase }),
  base64: stepBase64,
  'quoted-printable': stepQuotedPrintable,
  uuencode: stepUuencode,
}

/** Creates the decoder of one part, or of what follows where another one was in this state. */
export function createTransferDecoder(encoding: Encoding, from?: DecoderState): TransferDecoder {
  const decode = STEPS[encoding]
  let rest = from === undefined ? EMPTY : Buffer.from(from.rest)
  let phase = from?.phase ?? 0
  const step = (bytes: Buffer, isLast: boolean): Buffer => {
    const done = decode(rest.length === 0 ? bytes : Buffer.concat([rest, bytes]), phase, isLast)
    // A copy, or the whole piece would stay in memory for it.
    rest = Buffer.from(done.rest)
    phase = done.phase
    return done.out
  }
  return {
    push: (piece) => step(piece, false),
    end: () => step(EMPTY, true),
    state: () => ({ rest: Uint8Array.from(rest), phase }),
  }
}

/** Decodes a part that is at hand. */
export function decodeInPieces(bytes: Buffer, encoding: Encoding): Buffer {
  const decoder = createTransferDecoder(encoding)
  const decoded: Buffer[] = []
  for (let at = 0; at < bytes.length; at += PIECE) decoded.push(decoder.push(bytes.subarray(at, at + PIECE)))
  return Buffer.concat([...decoded, decoder.end()])
}
