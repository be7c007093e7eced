import type { Step } from './step.ts'

const [LF, CR, SPACE, TAB, EQUALS] = [0x0a, 0x0d, 0x20, 0x09, 0x3d]
/** RFC 2045 §6.7 (5): lines are at most 76 characters; looking no further keeps hostile input linear. */
const LONGEST_BREAK = 80
/** White space that may have to be dropped waits for the end of its line. RFC 5322 §2.1.1: no line is longer. */
const LONGEST_SPACE = 998

/** Decodes quoted-printable (RFC 2045 §6.7): `=XX`, soft line breaks, and white space at line ends dropped. */
export const stepQuotedPrintable: Step = (bytes, phase, isLast) => {
  const out = Buffer.allocUnsafe(bytes.length)
  let length = 0
  /** The white space before `at` that is dropped if the line ends there: where it begins in the input and the output. */
  let [space, solid] = [0, 0]
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0
    if (!isLast && isOpen(bytes, at)) break
    if (byte === SPACE || byte === TAB) {
      out[length++] = byte
      at += 1
      if (at - space <= LONGEST_SPACE) continue
    } else if (byte === EQUALS) {
      const value = hexPair(bytes[at + 1], bytes[at + 2])
      const lineEnd = value === -1 ? softBreakEnd(bytes, at + 1) : -1
      if (lineEnd === -1) out[length++] = value === -1 ? byte : value
      if (lineEnd !== -1) at = lineEnd
      else at += value === -1 ? 1 : 3
    } else {
      if (byte === LF || (byte === CR && bytes[at + 1] === LF)) length = solid
      out[length++] = byte
      at += 1
    }
    space = at
    solid = length
  }
  return { out: out.subarray(0, solid), rest: isLast ? bytes.subarray(bytes.length) : bytes.subarray(space), phase }
}

/** Whether what follows these bytes decides what the byte at this position means. */
function isOpen(bytes: Buffer, at: number): boolean {
  const left = bytes.length - at
  if (bytes[at] === CR) return left < 2
  if (bytes[at] !== EQUALS) return false
  return left < 3 || (left <= LONGEST_BREAK && !bytes.subarray(at + 1).some((byte) => !isSpace(byte)))
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === CR
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
  for (let at = from; at < Math.min(bytes.length, from + LONGEST_BREAK); at += 1) {
    const byte = bytes[at]
    if (byte === LF) return at + 1
    if (!isSpace(byte)) return -1
  }
  return from >= bytes.length ? bytes.length : -1
}
