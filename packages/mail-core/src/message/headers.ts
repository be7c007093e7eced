import { decodeBytes, isPlainAscii, normalizeCharset } from './charset.ts'
import { detectCharset } from './detect.ts'
import type { HeaderField } from './types.ts'

const [LF, CR, SPACE, TAB, DASH, COLON] = [0x0a, 0x0d, 0x20, 0x09, 0x2d, 0x3a]

/** A header block cut into fields, nothing decoded yet. */
export type RawHeaders = {
  fields: { name: string; raw: Buffer }[]
  /** Offset of the first byte after the empty line. */
  bodyStart: number
  /** Null, or which cap the block is over; the fields before it are given. */
  overLimit: string | null
}

/**
 * Cuts the header block that starts at `start` into fields, in order and with duplicates (RFC 5322 §2.2). Lines end with
 * CRLF or LF. When the first line is no header field, there is no header block and everything is body; a later line that
 * is none is skipped, unless no empty line ever comes: then the body begins there. Linear; stops at the caps.
 */
export function splitHeaders(
  message: Buffer,
  start: number,
  end: number,
  limits: { headerBytes: number; headerFields: number },
): RawHeaders {
  const fields: RawHeaders['fields'] = []
  let current: { name: string; from: number; to: number } | null = null
  let junk = -1
  const flush = () => {
    if (current) fields.push({ name: current.name, raw: message.subarray(current.from, current.to) })
    current = null
  }
  let at = start
  while (at < end) {
    const lf = message.indexOf(LF, at)
    const next = lf === -1 || lf >= end ? end : lf + 1
    if (next - start > limits.headerBytes) {
      flush()
      return { fields, bodyStart: end, overLimit: `the header block is over ${limits.headerBytes} bytes` }
    }
    const lineEnd = contentEnd(message, at, next)
    const first = message[at]
    if (lineEnd === at) {
      flush()
      return { fields, bodyStart: next, overLimit: null }
    }
    if ((first === SPACE || first === TAB) && (current || fields.length > 0)) {
      if (current) current.to = lineEnd
    } else {
      flush()
      const name = fieldName(message, at, lineEnd)
      if (name === null && fields.length === 0 && !isEnvelopeLine(message, at)) {
        return { fields, bodyStart: start, overLimit: null }
      }
      // The empty line before the first boundary was forgotten.
      if (name === null && fields.length > 0 && message[at] === DASH && message[at + 1] === DASH) {
        return { fields, bodyStart: at, overLimit: null }
      }
      if (name !== null && fields.length >= limits.headerFields) {
        return { fields, bodyStart: end, overLimit: `there are over ${limits.headerFields} header fields` }
      }
      if (name !== null) current = { name, from: at, to: lineEnd }
      else if (fields.length > 0 && junk === -1) junk = at
    }
    at = next
  }
  flush()
  // No empty line at all: what is no field is the text, which must not vanish.
  return { fields, bodyStart: junk === -1 ? end : junk, overLimit: null }
}

/** Where a line's content ends: before its CRLF or LF. */
function contentEnd(message: Buffer, at: number, next: number): number {
  let end = next
  if (end > at && message[end - 1] === LF) {
    end -= 1
    if (end > at && message[end - 1] === CR) end -= 1
  }
  return end
}

/** The field name of a line (RFC 5322 §3.6.8: printable ASCII but the colon; white space before the colon is obsolete). */
function fieldName(message: Buffer, at: number, end: number): string | null {
  let stop = at
  while (stop < end && message[stop] !== COLON) {
    const byte = message[stop] ?? 0
    if (byte < SPACE && byte !== TAB) return null
    if (byte > 0x7e) return null
    stop += 1
  }
  if (stop === end) return null
  const name = message.toString('latin1', at, stop).trimEnd()
  return name === '' || /\s/.test(name) ? null : name
}

/** `From sender date` and `>From`, left in front of messages that were once in an mbox. */
function isEnvelopeLine(message: Buffer, at: number): boolean {
  const line = message.toString('latin1', at, at + 6)
  return line.startsWith('From ') || line === '>From '
}

/**
 * Unfolds and decodes the fields of a block. Undeclared 8-bit bytes are read in one charset for the whole block.
 *
 * @param hint charset of the message's own text, for blocks that declare none.
 */
export function decodeHeaders(raw: RawHeaders, hint: string | null = null): HeaderField[] {
  let charset: string | undefined
  return raw.fields.map((field) => {
    const bytes = field.raw.subarray(field.raw.indexOf(COLON) + 1)
    if (isPlainAscii(bytes)) return { ...field, value: unfold(bytes.toString('latin1')) }
    charset ??= charsetOfBlock(raw, hint)
    return { ...field, value: unfold(decodeBytes(bytes, charset)) }
  })
}

/** True when a block holds 8-bit bytes, whose charset may be told elsewhere. */
export function hasRawBytes(raw: RawHeaders): boolean {
  return raw.fields.some((field) => !isPlainAscii(field.raw))
}

/** Removes line ends inside a value (RFC 5322 §2.2.3); a bare CR must not reach anything that writes headers. */
function unfold(value: string): string {
  return value.replaceAll(/\r?\n|\r/g, '').trim()
}

const EIGHT_BIT = /^(?:shift_jis|euc-|gb|big5|koi8|windows-|iso-8859)/

/**
 * The charset of raw 8-bit header values that are not UTF-8: the one that the message declares for its text, else what
 * the values of the block together look like, since one short value is too little to tell.
 */
function charsetOfBlock(raw: RawHeaders, hint: string | null): string {
  const contentType =
    raw.fields.find((field) => field.name.toLowerCase() === 'content-type')?.raw.toString('latin1') ?? ''
  const declared = normalizeCharset(/charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1] ?? hint)
  if (EIGHT_BIT.test(declared)) return declared
  const eightBit = raw.fields.filter((field) => !isPlainAscii(field.raw) && detectCharset(field.raw) !== 'utf-8')
  return detectCharset(Buffer.concat(eightBit.map((field) => field.raw)))
}
