import { HeaderLines, LINE_START } from '../header/lines.ts'

/** A header field as signatures see it: its lines, unfolded by nobody. */
export interface HeaderRow {
  /** The lower-case name. */
  readonly key: string
  /** The exact bytes, folds included, without the last line end. */
  readonly line: Buffer
}

/** A message as signatures see it. */
export interface SignedMessage {
  readonly rows: readonly HeaderRow[]
  readonly body: Buffer
  /** How often each field occurs, in whichever reading it occurs more often. */
  readonly counts: ReadonlyMap<string, number>
  /** Whether the header is too large to check its signatures; then there are only its first rows. */
  readonly tooLarge: boolean
}

const [LF, CR, SPACE, TAB] = [0x0a, 0x0d, 0x20, 0x09]
/** A header with more is not signed by anyone honest, and costs too much to check. */
export const MAX_HEADER = 1024 * 1024
const MAX_ROWS = 2000
/** RFC 5322 §3.6.8; white space, even a fold, before the colon is obsolete (§4.5). */
const START = /^[\x21-\x39\x3b-\x7e]+[ \t]*(?::|$)/
const WHOLE_NAME = /^([\x21-\x39\x3b-\x7e]+)[ \t]*$/

/**
 * Splits a message for signing and verifying. A line that is no field belongs to the field before it: that can only add to what a
 * signature must cover.
 */
export function splitSigned(message: Buffer): SignedMessage {
  const bytes = withCrlf(message)
  const { lines, bodyStart } = headerLines(bytes)
  const body = bytes.subarray(bodyStart ?? bytes.length)
  const rows: { key: string; from: number; to: number }[] = []
  for (const [index, { from, to }] of lines.entries()) {
    const key = nameAt(bytes, lines, index)
    const last = rows.at(-1)
    if (key !== null) rows.push({ key, from, to })
    // A first line that is no field continues none.
    else if (last === undefined) rows.push({ key: '', from, to })
    else last.to = to
  }
  return {
    rows: rows.slice(0, MAX_ROWS).map(({ key, from, to }) => ({ key, line: bytes.subarray(from, to) })),
    body,
    counts: countFields(rows, bytes, lines),
    tooLarge: bodyStart === null || rows.length > MAX_ROWS,
  }
}

interface Line {
  readonly from: number
  /** Where its content ends. */
  readonly to: number
}

/** The lines of the header and where the body starts; null when the header is too large to look at it all. */
function headerLines(bytes: Buffer): { lines: Line[]; bodyStart: number | null } {
  const lines: Line[] = []
  let at = 0
  while (at < bytes.length) {
    if (at > MAX_HEADER) return { lines, bodyStart: null }
    const lf = bytes.indexOf(LF, at)
    const end = lf === -1 ? bytes.length : lf
    const to = lf > at && bytes[lf - 1] === CR ? lf - 1 : end
    if (to === at && lf !== -1) return { lines, bodyStart: lf + 1 }
    lines.push({ from: at, to })
    at = end + 1
  }
  return { lines, bodyStart: bytes.length }
}

/** The name of the field that begins on this line, or null. */
function nameAt(bytes: Buffer, lines: readonly Line[], index: number): string | null {
  const line = lines[index]
  if (line === undefined || isSpace(bytes[line.from])) return null
  const text = bytes.toString('latin1', line.from, Math.min(line.to, line.from + LINE_START))
  if (!START.test(text)) return null
  const colon = text.indexOf(':')
  if (colon !== -1) return text.slice(0, colon).trimEnd().toLowerCase()
  const next = lines[index + 1]
  const name = WHOLE_NAME.exec(text)?.[1]
  if (next === undefined || name === undefined) return null
  const rest = bytes.toString('latin1', next.from, Math.min(next.to, next.from + LINE_START))
  return rest.trimStart().startsWith(':') ? name.toLowerCase() : null
}

const isSpace = (byte: number | undefined): boolean => byte === SPACE || byte === TAB

/** Counts fields as signatures see them and as our readers do, who skip what is no field. */
function countFields(
  rows: readonly { readonly key: string }[],
  bytes: Buffer,
  lines: readonly Line[],
): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { key } of rows) counts.set(key, (counts.get(key) ?? 0) + 1)
  const reader = new HeaderLines('tolerant')
  const read = new Map<string, number>()
  for (const { from, to } of lines) {
    const line = reader.read(bytes.toString('latin1', from, Math.min(to, from + LINE_START)))
    if (line.kind === 'field') read.set(line.name.toLowerCase(), (read.get(line.name.toLowerCase()) ?? 0) + 1)
  }
  for (const [key, count] of read) counts.set(key, Math.max(count, counts.get(key) ?? 0))
  return counts
}

/** Turns bare LF into CRLF, as the message travels (RFC 5321 §2.3.8). Copies only if there is one. */
function withCrlf(bytes: Buffer): Buffer {
  let bare = 0
  for (let lf = nextBare(bytes, 0); lf !== -1; lf = nextBare(bytes, lf + 1)) bare += 1
  if (bare === 0) return bytes
  const whole = Buffer.alloc(bytes.length + bare)
  let from = 0
  let at = 0
  for (let lf = nextBare(bytes, 0); lf !== -1; lf = nextBare(bytes, lf + 1)) {
    at += bytes.copy(whole, at, from, lf)
    at += whole.write('\r\n', at, 'latin1')
    from = lf + 1
  }
  bytes.copy(whole, at, from)
  return whole
}

function nextBare(bytes: Buffer, from: number): number {
  let lf = bytes.indexOf(LF, from)
  while (lf > 0 && bytes[lf - 1] === CR) lf = bytes.indexOf(LF, lf + 1)
  return lf
}
