import { HeaderLines, LINE_START, type Reading } from './lines.ts'

const [LF, CR] = [0x0a, 0x0d]

/** A field of a header block, nothing decoded. */
export type RawField = {
  name: string
  /** The exact bytes from the name to before the last line end; folds included. A view of the message. */
  raw: Buffer
}

/** A header block cut into fields, nothing decoded yet. */
export type RawHeaders = {
  fields: RawField[]
  /** Offset of the first byte after the empty line. */
  bodyStart: number
  /** Null, or which cap the block is over; the fields before it are given. */
  overLimit: string | null
  /** Whether there is a line that belongs to no field. */
  malformed: boolean
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
    if (next - start > limits.headerBytes) return result(end, `the header block is over ${limits.headerBytes} bytes`)
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
  // No empty line at all: what is no field is the text, which must not vanish.
  return result(junk ?? end)
}

/** The value of a field, without its folds (RFC 5322 §2.2.3), as bytes. */
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
