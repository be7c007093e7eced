const LF = 0x0a
const BEGIN = Buffer.from('begin ')
/** `begin 644 name`, the first line of a file. */
const BEGIN_LINE = /^begin [0-7]{3,4} (\S[^\r\n]{0,255})\r?\n?$/
const LONGEST_BEGIN = 300

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
    const line = withoutLineEnd(message, at, next)
    if (line.toString('latin1') === 'end') return lines > 0 ? { start, end: next, name } : null
    if (decodedLength(line) === null) return null
    lines += 1
    at = next
  }
  // Cut off by the end of the part: the rest is still a file.
  return lines > 1 ? { start, end, name } : null
}

/** Decodes a uuencoded file from its `begin` or first data line. Ends at the first line that is not uuencoded. */
export function decodeUuencode(bytes: Buffer): Buffer {
  const out = Buffer.alloc(bytes.length)
  let length = 0
  let at = 0
  let inside = false
  while (at < bytes.length) {
    const next = lineEnd(bytes, at, bytes.length)
    const line = withoutLineEnd(bytes, at, next)
    at = next
    if (line.toString('latin1', 0, 6) === 'begin ') {
      inside = true
      continue
    }
    const size = decodedLength(line)
    if (size === null || size === 0) {
      if (inside) break
      continue
    }
    inside = true
    length += decodeLine(line, size, out, length)
  }
  return out.subarray(0, length)
}

/** The byte count that a line declares, if it is long enough for it; trailing spaces may have been lost. Null for other text. */
function decodedLength(line: Buffer): number | null {
  if (line.length === 0) return null
  const first = line[0] ?? 0
  if (first < 0x20 || first > 0x60) return null
  const size = (first - 0x20) & 0x3f
  const full = Math.ceil(size / 3) * 4
  if (size === 0) return line.length <= 5 ? 0 : null
  if (line.length - 1 > full + 2 || line.length - 1 < Math.ceil((size * 4) / 3) - 8) return null
  return line.every((byte) => byte >= 0x20 && byte <= 0x60) ? size : null
}

function decodeLine(line: Buffer, size: number, out: Buffer, offset: number): number {
  const value = (at: number) => ((line[at] ?? 0x20) - 0x20) & 0x3f
  let written = 0
  for (let at = 1; written < size; at += 4) {
    const group = (value(at) << 18) | (value(at + 1) << 12) | (value(at + 2) << 6) | value(at + 3)
    for (const shift of [16, 8, 0]) if (written < size) out[offset + written++] = (group >> shift) & 0xff
  }
  return written
}

function lineEnd(bytes: Buffer, at: number, end: number): number {
  const lf = bytes.indexOf(LF, at)
  return lf === -1 || lf >= end ? end : lf + 1
}

function withoutLineEnd(bytes: Buffer, at: number, next: number): Buffer {
  let end = next
  if (end > at && bytes[end - 1] === LF) end -= 1
  if (end > at && bytes[end - 1] === 0x0d) end -= 1
  return bytes.subarray(at, end)
}
