import type { ParseLimits } from './types.ts'

/** A range of bytes in the message. */
export type Range = { start: number; end: number }

/** A part of a multipart; `isLast` when the closing boundary follows, though more parts may come after it. */
export type PartRange = Range & { isLast: boolean }

/** A limit was exceeded; `message` tells the reader which. */
export class OverLimit extends Error {}

/** Cost of splitting at boundaries so far, over the whole message. */
export type BoundaryBudget = { message: Buffer; limits: ParseLimits; parts: number; falseBoundaries: number }

/** Most lines that look like a boundary but are not: real mail has a handful, hostile mail could make scanning slow. */
const MAX_FALSE_BOUNDARIES = 50_000
/** RFC 2046 §5.1.1 allows 70; searching for thousands of bytes takes seconds on hostile input. */
const MAX_BOUNDARY = 250
/** Bytes searched for an undeclared boundary; the first one is near the beginning. */
const GUESS_WITHIN = 16_384

const [LF, CR] = [0x0a, 0x0d]

/**
 * The ranges between the boundary lines of a multipart (RFC 2046 §5.1.1); the line end before a boundary belongs to it. Parts after
 * a closing boundary count too, since mailers close too early; a part that is never closed ends with its container.
 */
export function splitMultipart(budget: BoundaryBudget, within: Range, boundary: string): PartRange[] {
  if (boundary === '' || boundary.length > MAX_BOUNDARY) return []
  const { start, end } = within
  const message = budget.message.subarray(0, end)
  const delimiter = Buffer.from(`--${boundary}`, /[^\0-\xff]/.test(boundary) ? 'utf8' : 'latin1')
  const ranges: PartRange[] = []
  let partStart = -1
  let at = message.indexOf(delimiter, start)
  while (at !== -1 && at + delimiter.length <= end) {
    const after = at + delimiter.length
    const line = at === start || message[at - 1] === LF ? boundaryLine(message, after, end) : null
    if (line) {
      if (partStart !== -1) {
        ranges.push({ start: partStart, end: beforeLineEnd(message, partStart, at), isLast: line.closing })
      }
      if (budget.parts + ranges.length > budget.limits.parts) {
        throw new OverLimit(`there are over ${budget.limits.parts} parts`)
      }
      partStart = line.closing ? -1 : line.next
      at = message.indexOf(delimiter, line.next)
    } else {
      budget.falseBoundaries += 1
      if (budget.falseBoundaries > MAX_FALSE_BOUNDARIES) throw new OverLimit('its boundaries are ambiguous')
      at = message.indexOf(delimiter, after)
    }
  }
  if (partStart !== -1) ranges.push({ start: partStart, end, isLast: true })
  return ranges
}

/** Guesses a boundary that no header declares: a line `--x` followed by a Content- field. Null when there is none. */
export function guessBoundary(message: Buffer, { start, end }: Range): string | null {
  const head = message.toString('latin1', start, Math.min(end, start + GUESS_WITHIN))
  return /^--(\S{1,250})[ \t]*\r?\ncontent-[a-z-]+:/im.exec(head)?.[1] ?? null
}

/**
 * The rest of a boundary line: nothing or `--`, then white space. Null when it is not a boundary. White space before the `--` is what
 * a boundary ended with whose parameter lost it.
 */
function boundaryLine(message: Buffer, after: number, end: number): { closing: boolean; next: number } | null {
  let dashes = after
  while (message[dashes] === 0x20 || message[dashes] === 0x09) dashes += 1
  const closing = message[dashes] === 0x2d && message[dashes + 1] === 0x2d && dashes + 2 <= end
  let at = closing ? dashes + 2 : after
  while (at < end && message[at] !== LF) {
    const byte = message[at]
    if (byte !== 0x20 && byte !== 0x09 && byte !== CR) return null
    at += 1
  }
  return { closing, next: Math.min(at + 1, end) }
}

function beforeLineEnd(message: Buffer, start: number, at: number): number {
  if (at <= start) return start
  const end = message[at - 1] === LF ? at - 1 : at
  return end > start && message[end - 1] === CR ? end - 1 : end
}
