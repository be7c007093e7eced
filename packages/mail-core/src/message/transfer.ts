import { decodeBase64 } from './base64.ts'
import type { Encoding } from './types.ts'
import { decodeUuencode } from './uuencode.ts'

const [LF, CR, SPACE, TAB, EQUALS] = [0x0a, 0x0d, 0x20, 0x09, 0x3d]

/** The encoding that a Content-Transfer-Encoding names, including common misspellings; null for an unknown one. */
export function encodingOf(value: string): Encoding | null {
  const name = value.replaceAll(/[^a-z0-9]/g, '')
  if (/^x?base64$/.test(name)) return 'base64'
  if (/^x?(?:quotedprintable|qp)$/.test(name)) return 'quoted-printable'
  if (/^x?uue(?:ncode)?d?$/.test(name)) return 'uuencode'
  return /^(?:7bits?|8bits?|binary)$/.test(name) ? 'none' : null
}

/**
 * Decodes a Content-Transfer-Encoding (RFC 2045 §6), malformed input as far as possible. Never throws. For text, keeps unencoded
 * text that follows base64.
 */
export function decodeTransfer(bytes: Buffer, encoding: Encoding, isText = false): Buffer {
  switch (encoding) {
    case 'base64': {
      const { content, rest } = decodeBase64(bytes)
      return isText && rest.length > 0 ? Buffer.concat([content, rest]) : content
    }
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes)
    case 'uuencode':
      return decodeUuencode(bytes)
    case 'none':
      return bytes
  }
}

/** RFC 2045 §6.7: `=XX`, soft line breaks, and white space at line ends dropped. */
function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.alloc(bytes.length)
  let length = 0
  // End of the output without trailing white space, so that white space before a line end can be dropped.
  let solid = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === EQUALS) {
      const value = hexPair(bytes[at + 1], bytes[at + 2])
      const lineEnd = value === -1 ? softBreakEnd(bytes, at + 1) : -1
      if (lineEnd !== -1) {
        at = lineEnd - 1
      } else if (value !== -1) {
        out[length++] = value
        at += 2
      } else {
        out[length++] = byte
      }
      solid = length
    } else if (byte === SPACE || byte === TAB) {
      out[length++] = byte
    } else {
      if (byte === LF || (byte === CR && bytes[at + 1] === LF)) length = solid
      out[length++] = byte
      solid = length
    }
  }
  return out.subarray(0, solid)
}

/** Value of two hexadecimal digits, or -1. */
function hexPair(high: number | undefined, low: number | undefined): number {
  const [first, second] = [hexDigit(high ?? 0), hexDigit(low ?? 0)]
  return first === -1 || second === -1 ? -1 : first * 16 + second
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** Where the line after a soft break begins, or -1 when something other than white space follows the `=`. */
function softBreakEnd(bytes: Buffer, from: number): number {
  // RFC 2045 §6.7 (5): lines are at most 76 characters; looking no further keeps hostile input linear.
  for (let at = from; at < Math.min(bytes.length, from + 80); at += 1) {
    const byte = bytes[at]
    if (byte === LF) return at + 1
    if (byte !== SPACE && byte !== TAB && byte !== CR) return -1
  }
  return from >= bytes.length ? bytes.length : -1
}
