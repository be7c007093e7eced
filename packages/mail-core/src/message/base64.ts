import type { Step } from './step.ts'

/** Lines examined to see whether text labelled base64 really is. */
const LOOK_AT_LINES = 20

/**
 * The decoded bytes; plain text after them, such as a footer that a mailing list appended unencoded; and whether the text was
 * base64 at all.
 */
export type Base64Content = { content: Buffer; rest: Buffer; isEncoded: boolean }

const NOTHING = Buffer.alloc(0)

/**
 * Decodes base64 (RFC 2045 §6.8), which may consist of several padded blocks, as some programs encode piece by piece. Skips
 * characters outside the alphabet; leaves text alone that is not base64 at all.
 */
export function decodeBase64(bytes: Buffer): Base64Content {
  const text = bytes.toString('latin1')
  if (!looksEncoded(text)) return { content: bytes, rest: NOTHING, isEncoded: false }
  const padding = text.indexOf('=')
  if (padding === -1) return { content: Buffer.from(text, 'base64'), rest: NOTHING, isEncoded: true }
  const blocks = [Buffer.from(text.slice(0, padding), 'base64')]
  let at = padding
  while (at < text.length) {
    const start = skip(text, at)
    const next = text.indexOf('=', start)
    const end = next === -1 ? text.length : next
    const block = text.slice(start, end)
    if (start < text.length && !isBlock(block, next === -1 ? 0 : paddingAt(text, next))) {
      return { content: Buffer.concat(blocks), rest: bytes.subarray(start), isEncoded: true }
    }
    blocks.push(Buffer.from(block, 'base64'))
    at = end
  }
  return { content: Buffer.concat(blocks), rest: NOTHING, isEncoded: true }
}

/** Decodes text known to be base64, with or without padding inside it. */
export function decodeBase64Blocks(text: string): Buffer {
  return Buffer.concat(text.split(/=+/).map((block) => Buffer.from(block, 'base64')))
}

const EQUALS = 0x3d
/** The values of digits in both alphabets (RFC 4648 §4 and §5), which Node accepts mixed; -1 for other bytes. */
const VALUES = Int8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  return /[\w+/-]/.test(character) ? (Buffer.from(`AAA${character}`, 'base64')[2] ?? -1) : -1
})

/** Decodes text known to be base64 in groups of four digits, and after padding, which ends a group of any length. */
export const stepBase64: Step = (bytes, phase, isLast) => {
  const out = Buffer.allocUnsafe(Math.ceil((bytes.length * 3) / 4))
  let [length, group, digits, certain] = [0, 0, 0, 0]
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    const value = VALUES[byte] ?? -1
    if (value !== -1) {
      group = (group << 6) | value
      digits += 1
    }
    if (digits === 4 || (byte === EQUALS && digits > 0)) {
      length = putGroup(out, length, group, digits)
      ;[group, digits] = [0, 0]
    }
    if (digits === 0) certain = at + 1
  }
  if (isLast) length = putGroup(out, length, group, digits)
  // Digits alone: whatever else may stand between them, without end.
  const rest = isLast ? NOTHING : Buffer.from(bytes.subarray(certain).filter((byte) => VALUES[byte] !== -1))
  return { out: out.subarray(0, length), rest, phase }
}

/** Writes the whole bytes that some digits make; returns where the next ones begin. */
function putGroup(out: Buffer, at: number, group: number, digits: number): number {
  const bits = group << (6 * (4 - digits))
  let end = at
  if (digits > 1) out[end++] = bits >> 16
  if (digits > 2) out[end++] = (bits >> 8) & 0xff
  if (digits > 3) out[end++] = bits & 0xff
  return end
}

/** Skips padding and white space. */
function skip(text: string, from: number): number {
  let at = from
  while (at < text.length && /[=\s]/.test(text[at] ?? '')) at += 1
  return at
}

function paddingAt(text: string, at: number): number {
  return text[at + 1] === '=' ? 2 : 1
}

/** A block after padding must be clearly base64, as it could be plain text. */
function isBlock(block: string, padding: number): boolean {
  if (/[^a-z0-9+/\s]|\S[ \t]+\S/i.test(block)) return false
  return (block.replaceAll(/\s/g, '').length + padding) % 4 === 0
}

/** False when no line at the beginning could be base64: all have spaces between words, or mostly other characters. */
function looksEncoded(text: string): boolean {
  const lines = text.slice(0, 4096).split('\n', LOOK_AT_LINES)
  const full = lines.map((line) => line.trim()).filter((line) => line !== '')
  return full.length === 0 || full.some((line) => !/\S[ \t]+\S/.test(line) && outside(line) * 4 < line.length)
}

function outside(line: string): number {
  return line.replaceAll(/[\w+/=-]/g, '').length
}
