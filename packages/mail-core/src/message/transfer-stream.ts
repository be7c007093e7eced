import { decodeBase64Blocks } from './base64.ts'
import { decodeTransfer } from './transfer.ts'
import type { Encoding } from './types.ts'

/** Decodes a part piece by piece; the pieces add up to what the parser returns for the whole. */
export type TransferDecoder = {
  push: (piece: Buffer) => Buffer
  /** Returns what was held back for the next piece. */
  end: () => Buffer
}

/**
 * Where a piece can be cut: the last position before which everything decodes independently, or 0. Called with each piece in order.
 */
type Cut = (piece: Buffer) => number

const EMPTY = Buffer.alloc(0)
const [LF, CR, SPACE, TAB, EQUALS] = [0x0a, 0x0d, 0x20, 0x09, 0x3d]

/** Creates the decoder of one part. An encoding that cannot be decoded in pieces is decoded at the end. */
export function createTransferDecoder(encoding: Encoding): TransferDecoder {
  switch (encoding) {
    case 'none':
      return { push: (piece) => piece, end: () => EMPTY }
    case 'base64':
      return cutting((bytes) => decodeBase64Blocks(bytes.toString('latin1')), base64Cut())
    case 'quoted-printable':
      return cutting((bytes) => decodeTransfer(bytes, encoding), quotedPrintableCut())
    case 'uuencode':
      return cutting(
        (bytes) => decodeTransfer(bytes, encoding),
        () => 0,
      )
  }
}

function cutting(decode: (bytes: Buffer) => Buffer, cut: Cut): TransferDecoder {
  let kept: Buffer[] = []
  return {
    push: (piece) => {
      const at = cut(piece)
      const rest = piece.subarray(at)
      if (at === 0) {
        if (rest.length > 0) kept.push(rest)
        return EMPTY
      }
      const ready = decode(Buffer.concat([...kept, piece.subarray(0, at)]))
      kept = rest.length === 0 ? [] : [rest]
      return ready
    },
    end: () => {
      const last = decode(Buffer.concat(kept))
      kept = []
      return last
    },
  }
}

/** After four digits, and after padding, which ends a group of any length. */
function base64Cut(): Cut {
  let digits = 0
  return (piece) => {
    let at = 0
    for (let index = 0; index < piece.length; index += 1) {
      const byte = piece[index] ?? 0
      if (byte === EQUALS) digits = 0
      else if (isDigit(byte)) digits = (digits + 1) % 4
      if (digits === 0) at = index + 1
    }
    return at
  }
}

/** The digits of both alphabets (RFC 4648 §4 and §5); Node accepts them mixed. */
function isDigit(byte: number): boolean {
  const lower = byte | 0x20
  return (lower >= 0x61 && lower <= 0x7a) || (byte >= 0x2f && byte <= 0x39) || [0x2b, 0x2d, 0x5f].includes(byte)
}

/** After a character that is neither white space nor part of an escape: what follows cannot change it. */
function quotedPrintableCut(): Cut {
  let [beforeLast, last] = [0, 0]
  return (piece) => {
    const byteAt = (index: number): number => piece[index] ?? (index === -1 ? last : beforeLast)
    let at = piece.length
    while (at > 0 && !endsUnit(byteAt(at - 1), byteAt(at - 2), byteAt(at - 3))) at -= 1
    ;[beforeLast, last] = [byteAt(piece.length - 2), byteAt(piece.length - 1)]
    return at
  }
}

function endsUnit(byte: number, before: number, twoBefore: number): boolean {
  if (byte === EQUALS || before === EQUALS || twoBefore === EQUALS) return false
  return byte === LF || (byte !== SPACE && byte !== TAB && byte !== CR)
}
