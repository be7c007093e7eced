import { HeaderLines, LINE_START, type Reading } from './lines.ts'

const [LF, CR, SPACE, TAB] = [0x0a, 0x0d, 0x20, 0x09]

/** A header field, not decoded. */
export type RawField = {
  name: string
  /** The exact bytes from the name up to the final line end, folds included. A view of the message. */
  raw: Buffer
}

/** A header block split into fields, not decoded. */
export type RawHeaders = {
  fields: RawField[]
  /** Offset of the first byte after the empty line. */
  bodyStart: number
  /** Which limit the block exceeds, or null; `fields` are those before it. */
  overLimit: string | null
  /** Whether any line belongs to no field. */
  malformed: boolean
}

/**
 * Splits the header block at `start` into fields, in order and with duplicates (RFC 5322 §2.2). Lines end with CRLF or LF. When the
 * first line is not a field, everything is body; a later one that is not a field is skipped, unless no empty line ever comes: then
 * the body begins there. Linear; stops at the limits.
 */
export function splitHeaders(
  message: Buffer,
  start: number,
  end: number,
  limits: { headerBytes: number; headerFields: number },
  reading: Reading = 'tolerant',
): RawHeaders {
  const lines = new HeaderLines(reading)
  const fields: RawField[] = []
  let malformed = false
  let junk: number | null = null
  let current: { name: string; from: number; to: number } | null = null
  const result = (bodyStart: number, overLimit: string | null = null): RawHeaders => {
    if (current !== null) fields.push({ name: current.name, raw: message.subarray(current.from, current.to) })
    return { fields, bodyStart, overLimit, malformed }
  }
  let at = start
  while (at < end) {
    const lf = message.indexOf(LF, at)
    const next = lf === -1 || lf >= end ? end : lf + 1
    if (next - start > limits.headerBytes) {
      // Half a field may say something else: of an address, another domain.
      if (message[at] === SPACE || message[at] === TAB) current = null
      return result(end, `the header block is over ${limits.headerBytes} bytes`)
    }
    const lineEnd = contentEnd(message, at, next)
    const line = lines.read(message.toString('latin1', at, Math.min(lineEnd, at + LINE_START)))
    if (line.kind === 'end') return result(next)
    if (line.kind === 'junk' || line.kind === 'body' || line.kind === 'no_header') malformed = true
    if (line.kind === 'no_header') return result(start)
    if (line.kind === 'body') return result(at)
    if (line.kind === 'fold') {
      if (current !== null) current.to = lineEnd
    } else {
      if (current !== null) fields.push({ name: current.name, raw: message.subarray(current.from, current.to) })
      current = null
      if (line.kind === 'field') {
        if (fields.length >= limits.headerFields) {
          return result(end, `there are over ${limits.headerFields} header fields`)
        }
        current = { name: line.name, from: at, to: lineEnd }
      } else if (fields.length > 0) junk ??= at
    }
    at = next
  }
  // No empty line at all: the line that is not a field is text, which must not be lost.
  return result(junk ?? end)
}

/** The raw bytes of a field's value (RFC 5322 §2.2.3). */
export function rawValue({ raw }: RawField): Buffer {
  return raw.subarray(raw.indexOf(':') + 1)
}

/** Removes line ends inside a value (RFC 5322 §2.2.3); a bare CR must not reach anything that writes headers. */
export function unfold(value: string): string {
  return value.replaceAll(/\r?\n|\r/g, '').trim()
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
