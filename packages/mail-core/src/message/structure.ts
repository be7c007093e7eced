import { decodeHeaders, splitHeaders, type RawHeaders } from './headers.ts'
import { parseStructured, type StructuredValue } from './params.ts'
import type { ParseLimits } from './types.ts'

/** A part that is no multipart: its place in the message and what its headers say of it. */
export type Leaf = {
  start: number
  end: number
  contentType: StructuredValue
  disposition: StructuredValue
  /** Lower case. */
  encoding: string
  /** Without angle brackets. */
  contentId: string | null
  /** The enclosing multiparts, outermost first, as position in the tree and subtype (`mixed`, `alternative`, …). */
  path: readonly Container[]
}

/** A multipart on the way from the root to a leaf. */
export type Container = { id: number; subtype: string }

/** A cap was reached; `message` says which, in words for the reader. */
export class OverLimit extends Error {}

/** Lines that look like a boundary but are none; real mail has a handful, hostile mail could make scanning slow. */
const MAX_FALSE_BOUNDARIES = 50_000

/** RFC 2046 §5.1.1 allows 70; searching for a needle of thousands of bytes takes seconds on hostile input. */
const MAX_BOUNDARY = 250

const LF = 0x0a

type Scan = { message: Buffer; limits: ParseLimits; leaves: Leaf[]; parts: number; falseBoundaries: number }

/**
 * Finds the leaves of a MIME message in order (RFC 2046 §5.1). An unclosed multipart ends with its container, and a
 * multipart in which its boundary never occurs is read as text, so that nothing of it is lost.
 *
 * @throws OverLimit when the message has too many parts or levels.
 */
export function findLeaves(message: Buffer, headers: RawHeaders, limits: ParseLimits): Leaf[] {
  const scan: Scan = { message, limits, leaves: [], parts: 0, falseBoundaries: 0 }
  addPart(scan, headers, message.length, [], 'text/plain')
  return scan.leaves
}

function addPart(scan: Scan, headers: RawHeaders, end: number, path: readonly Container[], fallback: string): void {
  scan.parts += 1
  if (scan.parts > scan.limits.parts) throw new OverLimit(`there are over ${scan.limits.parts} parts`)
  const part = describe(headers, fallback)
  const start = Math.min(headers.bodyStart, end)
  if (part.contentType.value.startsWith('multipart/')) {
    // The part that goes over is not descended into, so the stack stays as deep as the cap.
    if (path.length >= scan.limits.depth) throw new OverLimit(`parts are nested over ${scan.limits.depth} levels deep`)
    const boundary = part.contentType.params.get('boundary') ?? ''
    const usable = boundary !== '' && boundary.length <= MAX_BOUNDARY
    const ranges = usable ? splitMultipart(scan, start, end, boundary) : []
    const subtype = part.contentType.value.slice('multipart/'.length)
    const inside = [...path, { id: scan.parts, subtype }]
    for (const range of ranges) {
      const inner = splitHeaders(scan.message, range.start, range.end, scan.limits)
      if (inner.overLimit !== null) throw new OverLimit(inner.overLimit)
      addPart(scan, inner, range.end, inside, subtype === 'digest' ? 'message/rfc822' : 'text/plain')
    }
    if (ranges.length > 0) return
    part.contentType = { value: 'text/plain', params: new Map() }
  }
  scan.leaves.push({ start, end, path, ...part })
}

/** What the headers of a part say; the first of a repeated field counts. */
function describe(headers: RawHeaders, fallback: string): Omit<Leaf, 'start' | 'end' | 'path'> {
  const wanted = new Map<string, string>()
  const content = headers.fields.filter((field) => /^content-/i.test(field.name))
  for (const field of decodeHeaders({ ...headers, fields: content })) {
    const name = field.name.toLowerCase()
    if (!wanted.has(name)) wanted.set(name, field.value)
  }
  const contentType = parseStructured(wanted.get('content-type') ?? fallback)
  const contentId = wanted.get('content-id')?.replaceAll(/[<>\s]/g, '') ?? ''
  return {
    contentType: /^[\w.+!#$&^-]+\/[\w.+!#$&^-]+$/.test(contentType.value)
      ? contentType
      : { ...contentType, value: fallback },
    disposition: parseStructured(wanted.get('content-disposition') ?? ''),
    encoding: parseStructured(wanted.get('content-transfer-encoding') ?? '').value,
    contentId: contentId === '' ? null : contentId,
  }
}

/** The ranges between the boundary lines of a multipart; the line end before a boundary belongs to it. */
function splitMultipart(scan: Scan, start: number, end: number, boundary: string): { start: number; end: number }[] {
  const { message } = scan
  const delimiter = Buffer.from(`--${boundary}`, /[^\0-\xff]/.test(boundary) ? 'utf8' : 'latin1')
  const ranges: { start: number; end: number }[] = []
  let partStart = -1
  let at = message.indexOf(delimiter, start)
  while (at !== -1 && at + delimiter.length <= end) {
    const after = at + delimiter.length
    const line = at === start || message[at - 1] === LF ? boundaryLine(message, after, end) : null
    if (line) {
      if (partStart !== -1) ranges.push({ start: partStart, end: beforeLineEnd(message, partStart, at) })
      if (scan.parts + ranges.length > scan.limits.parts)
        throw new OverLimit(`there are over ${scan.limits.parts} parts`)
      if (line.closing) return ranges
      partStart = line.next
      at = message.indexOf(delimiter, line.next)
    } else {
      scan.falseBoundaries += 1
      if (scan.falseBoundaries > MAX_FALSE_BOUNDARIES) throw new OverLimit('its boundaries are ambiguous')
      at = message.indexOf(delimiter, after)
    }
  }
  if (partStart !== -1) ranges.push({ start: partStart, end })
  return ranges
}

/** What follows a delimiter on its line: nothing, or `--`, then white space. Null when it is no boundary. */
function boundaryLine(message: Buffer, after: number, end: number): { closing: boolean; next: number } | null {
  const closing = message[after] === 0x2d && message[after + 1] === 0x2d && after + 2 <= end
  let at = closing ? after + 2 : after
  while (at < end && message[at] !== LF) {
    const byte = message[at]
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return null
    at += 1
  }
  return { closing, next: Math.min(at + 1, end) }
}

function beforeLineEnd(message: Buffer, start: number, at: number): number {
  if (at <= start) return start
  const end = message[at - 1] === LF ? at - 1 : at
  return end > start && message[end - 1] === 0x0d ? end - 1 : end
}
