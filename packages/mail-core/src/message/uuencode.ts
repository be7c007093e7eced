import type { Step } from './step.ts'

const LF = 0x0a
const BEGIN = Buffer.from('begin ')
/** `begin 644 name`, the first line of a file. */
const BEGIN_LINE = /^begin [0-7]{3,4} (\S[^\r\n]{0,255})\r?\n?$/
const LONGEST_BEGIN = 300
/** More than a line of a file has: a count, 84 characters for 63 bytes, two more that some programs add, and a line end. */
const LONGEST_LINE = 100

/** A uuencoded file inside text, from its `begin` line through its `end` line, and its name. */
export type UuFile = { start: number; end: number; name: string }

/** Finds at most `limit` uuencoded files in a text part. Linear: examines each line once. */
export function findUuFiles(message: Buffer, start: number, end: number, limit: number): UuFile[] {
  const files: UuFile[] = []
  let at = message.indexOf(BEGIN, start)
  while (at !== -1 && at < end && files.length < limit) {
    const file = at === start || message[at - 1] === LF ? fileAt(message, at, end) : null
    if (file) files.push(file)
    at = message.indexOf(BEGIN, file ? file.end : at + BEGIN.length)
  }
  return files
}

function fileAt(message: Buffer, start: number, end: number): UuFile | null {
  let at = lineEnd(message, start, end)
  if (at - start > LONGEST_BEGIN) return null
  const name = BEGIN_LINE.exec(message.toString('latin1', start, at))?.[1]?.trim()
  if (name === undefined) return null
  let lines = 0
  while (at < end) {
    const next = lineEnd(message, at, end)
    const lineStop = withoutLineEnd(message, at, next)
    if (lineStop - at === 3 && message.toString('latin1', at, lineStop) === 'end') {
      return lines > 0 ? { start, end: next, name } : null
    }
    if (decodedLength(message, at, lineStop) === null) return null
    lines += 1
    at = next
  }
  // Cut off by the end of the part: the rest is still a file.
  return lines > 1 ? { start, end, name } : null
}

/** What the lines so far were: none of the file, some of it, or all; `skipping` when the last one has not ended yet. */
const PHASE = { before: 0, inside: 1, ended: 2, skipping: 4 }

/** Decodes a uuencoded file from its `begin` or first data line, line by line. Ends at the first line that is not uuencoded. */
export const stepUuencode: Step = (bytes, phase, isLast) => {
  // The shortest line for most bytes is one character for six.
  const out = Buffer.allocUnsafe(bytes.length * 3 + 64)
  let length = 0
  let at = phase & PHASE.skipping ? lineEnd(bytes, 0, bytes.length) : 0
  let isSkipping = (phase & PHASE.skipping) !== 0 && (at === 0 || bytes[at - 1] !== LF)
  let state = phase & ~PHASE.skipping
  while (at < bytes.length && state !== PHASE.ended) {
    const next = shortLineEnd(bytes, at)
    if (next === -1 && !isLast && bytes.length - at < LONGEST_LINE) break
    const end = next === -1 ? Math.min(bytes.length, at + LONGEST_LINE) : withoutLineEnd(bytes, at, next)
    const size = isBegin(bytes, at) ? null : decodedLength(bytes, at, end)
    if (isBegin(bytes, at)) state = PHASE.inside
    else if (size === null || size === 0) state = state === PHASE.inside ? PHASE.ended : state
    else {
      state = PHASE.inside
      length += decodeLine(bytes, { at, end, size }, out, length)
    }
    at = next === -1 ? lineEnd(bytes, end, bytes.length) : next
    isSkipping = next === -1 && bytes[at - 1] !== LF
  }
  const isOver = state === PHASE.ended || isLast
  return {
    out: out.subarray(0, length),
    rest: bytes.subarray(isOver ? bytes.length : at),
    phase: state | (isSkipping ? PHASE.skipping : 0),
  }
}

function isBegin(bytes: Buffer, at: number): boolean {
  return (
    bytes[at] === BEGIN[0] && bytes.compare(BEGIN, 0, BEGIN.length, at, Math.min(bytes.length, at + BEGIN.length)) === 0
  )
}

/** The byte count that a line declares, if it is long enough for it; trailing spaces may have been lost. Null for other text. */
function decodedLength(bytes: Buffer, start: number, end: number): number | null {
  if (end === start) return null
  const first = bytes[start] ?? 0
  if (first < 0x20 || first > 0x60) return null
  const size = (first - 0x20) & 0x3f
  const full = Math.ceil(size / 3) * 4
  if (size === 0) return end - start <= 5 ? 0 : null
  const characters = end - start - 1
  if (characters > full + 2 || characters < Math.ceil((size * 4) / 3) - 8) return null
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte < 0x20 || byte > 0x60) return null
  }
  return size
}

function decodeLine(
  bytes: Buffer,
  { at: start, end, size }: { at: number; end: number; size: number },
  out: Buffer,
  offset: number,
): number {
  const value = (at: number) => (at < end ? ((bytes[at] ?? 0x20) - 0x20) & 0x3f : 0)
  let written = 0
  for (let at = start + 1; written < size; at += 4) {
    const group = (value(at) << 18) | (value(at + 1) << 12) | (value(at + 2) << 6) | value(at + 3)
    for (let shift = 16; shift >= 0 && written < size; shift -= 8) out[offset + written++] = (group >> shift) & 0xff
  }
  return written
}

/** Where the line after this one begins; -1 when this one does not end here, or is longer than any of a file. */
function shortLineEnd(bytes: Buffer, at: number): number {
  const end = Math.min(bytes.length, at + LONGEST_LINE)
  for (let index = at; index < end; index += 1) if (bytes[index] === LF) return index + 1
  return -1
}

function lineEnd(bytes: Buffer, at: number, end: number): number {
  const lf = bytes.indexOf(LF, at)
  return lf === -1 || lf >= end ? end : lf + 1
}

/** Where the text of a line ends. */
function withoutLineEnd(bytes: Buffer, at: number, next: number): number {
  let end = next
  if (end > at && bytes[end - 1] === LF) end -= 1
  if (end > at && bytes[end - 1] === 0x0d) end -= 1
  return end
}
