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
