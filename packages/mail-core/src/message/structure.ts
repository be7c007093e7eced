import { type RawHeaders, splitHeaders } from '../header/index.ts'
import {
  type BoundaryBudget,
  guessBoundary,
  OverLimit,
  type PartRange,
  type Range,
  splitMultipart,
} from './boundary.ts'
import { describePart, type PartHeaders } from './describe.ts'
import { hasRawBytes } from './headers.ts'
import type { StructuredValue } from './params.ts'
import type { ParseLimits, PartPlace } from './types.ts'
import { findUuFiles } from './uuencode.ts'

/** A part that is not a multipart: its place in the message and what its header says about it. */
export type Leaf = Range &
  Omit<PartHeaders, 'contentTypes' | 'fallback'> & {
    contentType: StructuredValue
    /** The enclosing multiparts, outermost first. Leaves of one multipart share the object. */
    path: readonly Container[]
    /** For a file inside a part: its content, and its place. */
    inner?: { content: Buffer; place: PartPlace }
  }

/** A multipart between the root and a leaf, by its subtype (`mixed`, `alternative`, …). */
export type Container = { subtype: string }

/** Content-Type fields tried per part: each costs a search for its boundary. */
const MAX_TYPES = 4
/** Bytes searched for the boundaries of repeated fields, and for guessed ones: small messages try all, large ones a few. */
const RETRIED_BYTES = 16 * 1_048_576

const NO_PARAMS: ReadonlyMap<string, string> = new Map()

type Scan = BoundaryBudget & { leaves: Leaf[]; hint: string | null; rawFields: boolean; retriedBytes: number }

/** The leaves, and how many parts there are with the multiparts. */
export type Found = Pick<Scan, 'leaves' | 'parts'>

/**
 * Finds the leaves of a MIME message in order (RFC 2046 §5.1). A multipart without any boundary is read as text, so that nothing is
 * lost; uuencoded files inside plain text are separate leaves.
 *
 * @throws OverLimit when the message has too many parts or levels.
 */
export function findLeaves(message: Buffer, headers: RawHeaders, limits: ParseLimits): Found {
  const first = scanWith(message, headers, limits, null)
  const hint = textCharset(first.leaves)
  return first.rawFields && hint !== null ? scanWith(message, headers, limits, hint) : first
}

function scanWith(message: Buffer, headers: RawHeaders, limits: ParseLimits, hint: string | null): Scan {
  const retriedBytes = RETRIED_BYTES + MAX_TYPES * message.length
  const scan: Scan = { message, limits, leaves: [], parts: 0, falseBoundaries: 0, hint, rawFields: false, retriedBytes }
  addPart(scan, headers, message.length, [], 'text/plain')
  return scan
}

/** The charset of the first text part that declares one, or null. */
export function textCharset(leaves: readonly Leaf[]): string | null {
  const texts = leaves.filter(({ contentType }) => contentType.value.startsWith('text/'))
  return (
    texts.map(({ contentType }) => contentType.params.get('charset') ?? '').find((charset) => charset !== '') ?? null
  )
}

function addPart(scan: Scan, headers: RawHeaders, end: number, path: readonly Container[], fallback: string): void {
  scan.parts += 1
  if (scan.parts > scan.limits.parts) throw new OverLimit(`there are over ${scan.limits.parts} parts`)
  scan.rawFields ||= hasRawBytes(headers)
  const { contentTypes, fallback: otherwise, ...part } = describePart(headers, fallback, scan.hint)
  const within = { start: Math.min(headers.bodyStart, end), end }
  const multiparts = contentTypes.filter(({ value }) => value.startsWith('multipart/')).slice(0, MAX_TYPES)
  // Parts beyond the limit are not entered, so the stack never gets deeper than the limit.
  if (multiparts.length > 0 && path.length >= scan.limits.depth) {
    throw new OverLimit(`parts are nested over ${scan.limits.depth} levels deep`)
  }
  const inside = innerParts(scan, within, multiparts)
  if (inside) {
    const { type, ranges } = inside
    const subtype = type.value.slice('multipart/'.length)
    const outer = [...path, { subtype }]
    let within = outer
    for (const range of ranges) {
      const inner = splitHeaders(scan.message, range.start, range.end, scan.limits)
      if (inner.overLimit !== null) throw new OverLimit(inner.overLimit)
      const same = subtypeOfSame(inner, range.end, type)
      if (same !== null) within = [...outer, { subtype: same }]
      else addPart(scan, inner, range.end, within, subtype === 'digest' ? 'message/rfc822' : 'text/plain')
      if (range.isLast) within = outer
    }
    return
  }
  const single = contentTypes.find(({ value }) => !value.startsWith('multipart/'))
  const text = multiparts.length > 0 ? { value: 'text/plain', params: NO_PARAMS } : otherwise
  addLeaf(scan, { ...within, ...part, path, contentType: single ?? text })
}

/**
 * The subtype of a multipart that has the boundary of the one around it, contrary to RFC 2046 §5.1.2: nothing but its header is in
 * its range, and its parts are the following ones. Null for any other part.
 */
function subtypeOfSame(headers: RawHeaders, end: number, outer: StructuredValue): string | null {
  // Few parts end with their header, so few are described twice.
  if (end - headers.bodyStart > 4) return null
  const boundary = outer.params.get('boundary') ?? ''
  const { contentTypes } = describePart(headers, 'text/plain', null)
  const type = contentTypes.find(
    ({ value, params }) => value.startsWith('multipart/') && boundary !== '' && params.get('boundary') === boundary,
  )
  return type?.value.slice('multipart/'.length) ?? null
}

/**
 * The inner parts, split at the first boundary that occurs: repeated Content-Type fields may name different ones, or none may
 * match. The first field is always tried, the others until they have cost too much.
 */
function innerParts(
  scan: Scan,
  within: Range,
  multiparts: StructuredValue[],
): { type: StructuredValue; ranges: PartRange[] } | null {
  for (const [at, type] of multiparts.entries()) {
    if (at > 0 && !mayRetry(scan, within)) return null
    const ranges = splitMultipart(scan, within, type.params.get('boundary') ?? '')
    if (ranges.length > 0) return { type, ranges }
  }
  const [type] = multiparts
  const guess = type && mayRetry(scan, within) ? guessBoundary(scan.message, within) : null
  const ranges = guess === null ? [] : splitMultipart(scan, within, guess)
  return type && ranges.length > 0 ? { type, ranges } : null
}

function mayRetry(scan: Scan, { start, end }: Range): boolean {
  scan.retriedBytes -= end - start
  return scan.retriedBytes >= 0
}

/** Adds a leaf; plain text with uuencoded files becomes its pieces and the files, in order. */
function addLeaf(scan: Scan, leaf: Leaf): void {
  const isPlain = leaf.contentType.value === 'text/plain' && leaf.encoding === 'none'
  const room = scan.limits.parts - scan.parts
  const files = isPlain ? findUuFiles(scan.message, leaf.start, leaf.end, room) : []
  if (files.length === 0) {
    scan.leaves.push(leaf)
    return
  }
  scan.parts += files.length
  const path = [...leaf.path, { subtype: 'mixed' }]
  const addText = (start: number, end: number) => {
    if (end > start) scan.leaves.push({ ...leaf, path, start, end })
  }
  let at = leaf.start
  for (const { start, end, name } of files) {
    addText(at, start)
    const contentType = { value: 'application/octet-stream', params: new Map([['name', name]]) }
    const disposition = { value: 'attachment', params: NO_PARAMS }
    scan.leaves.push({ start, end, path, contentType, disposition, encoding: 'uuencode', contentId: null })
    at = end
  }
  addText(at, leaf.end)
}
