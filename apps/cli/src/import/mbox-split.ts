import { isSeparator } from './mbox-separator.ts'
import { MAX_MESSAGE } from './source.ts'

const LF = 10
const CR = 13
const FROM = Buffer.from('From ')
/** Longest body whose Content-Length is trusted before its end was read. */
const MAX_LENGTH = 64 * 1024 * 1024
/** Bytes at the end of a chunk to search again with the next one: a separator may span both. */
const OVERLAP = 8
/** Longest header block searched for a length. */
const MAX_HEAD = 256 * 1024

/** A raw message in an mbox. */
export interface MboxPart {
  /** Its separator line. */
  separator: string
  /** Everything up to the next separator, or as many bytes as Content-Length says. */
  bytes: Buffer
  /** Whether a valid length was given; the body may then be unquoted. */
  hasLength: boolean
  /** Longer than `MAX_MESSAGE`: `bytes` are only its start. */
  isTooLong: boolean
}

interface End {
  /** Offsets of the end of the message, and of the next separator. */
  end: number
  next: number
  hasLength: boolean
}

/** The offset of the body, after the first empty line; -1 when there is none. */
function bodyStart(bytes: Buffer): number {
  for (let lf = bytes.indexOf(LF); lf !== -1 && lf < MAX_HEAD; lf = bytes.indexOf(LF, lf + 1)) {
    if (bytes[lf + 1] === LF) return lf + 2
    if (bytes[lf + 1] === CR && bytes[lf + 2] === LF) return lf + 3
  }
  return -1
}

/** The end of the first message in `held` by its Content-Length (mboxcl), if a separator or the end of the file follows. */
function endByLength(held: Buffer, isEnd: boolean): End | 'more' | null {
  const start = bodyStart(held)
  if (start === -1) return null
  const length = Number(
    /^content-length[ \t]*:[ \t]*(\d{1,12})[ \t]*\r?$/im.exec(held.toString('latin1', 0, start))?.[1],
  )
  if (Number.isNaN(length) || length > MAX_LENGTH) return null
  const end = start + length
  let next = end
  while (next < end + 4 && (held[next] === LF || held[next] === CR)) next += 1
  if (next >= held.length)
    return isEnd ? (end <= held.length ? { end, next: held.length, hasLength: true } : null) : 'more'
  if (held[next - 1] !== LF || held.indexOf(FROM, next) !== next) return null
  const found = isSeparator(held, next, isEnd)
  if (found === null) return 'more'
  return found ? { end, next, hasLength: true } : null
}

/** The end of the first message in `held` by the next separator at or after `from`. */
function endBySeparator(held: Buffer, from: number, isEnd: boolean): End | { searched: number } {
  for (let at = held.indexOf(FROM, from); at !== -1; at = held.indexOf(FROM, at + 1)) {
    if (held[at - 1] !== LF) continue
    const found = isSeparator(held, at, isEnd)
    if (found === true) return { end: at, next: at, hasLength: false }
    if (found === null) return { searched: at }
  }
  return { searched: Math.max(1, held.length - OVERLAP) }
}

function toPart(held: Buffer, { end, hasLength }: Pick<End, 'end' | 'hasLength'>, isTooLong = false): MboxPart {
  const lf = held.indexOf(LF)
  const start = lf === -1 ? held.length : lf + 1
  return {
    separator: held.toString('latin1', 0, Math.min(start, 1000)).trimEnd(),
    bytes: held.subarray(start, Math.max(start, end)),
    hasLength,
    isTooLong,
  }
}

/**
 * Splits an mbox, which begins with a separator, into messages, keeping only one in memory. A message without an end in sight
 * (a damaged file) is cut, and what follows is dropped up to the next separator.
 * @param maxMessage bytes after which a message is cut
 */
export async function* splitMbox(chunks: AsyncIterable<Buffer>, maxMessage = MAX_MESSAGE): AsyncGenerator<MboxPart> {
  let held: Buffer = Buffer.alloc(0)
  let searched = 1
  let isCut = false
  const parts = function* (isEnd: boolean): Generator<MboxPart> {
    while (held.length > 0) {
      const byLength = isCut ? null : endByLength(held, isEnd)
      if (byLength === 'more') return
      const found = byLength ?? endBySeparator(held, searched, isEnd)
      if ('searched' in found) {
        searched = found.searched
        if (!isEnd && !isCut && held.length <= maxMessage) return
        if (!isCut) yield toPart(held, { end: held.length, hasLength: false }, held.length > maxMessage)
        isCut = !isEnd
        // A separator is known by the empty line before it, too.
        held = held.subarray(isEnd ? held.length : Math.max(0, searched - OVERLAP))
        searched = Math.min(searched, OVERLAP)
        return
      }
      if (!isCut) yield toPart(held, found, found.end > maxMessage)
      isCut = false
      held = held.subarray(found.next)
      searched = 1
    }
  }
  let pieces: Buffer[] = []
  let size = 0
  const join = () => {
    held = held.length === 0 && pieces.length === 1 ? (pieces[0] ?? held) : Buffer.concat([held, ...pieces])
    pieces = []
    size = 0
  }
  for await (const chunk of chunks) {
    pieces.push(chunk)
    size += chunk.length
    // Copying a long message with each piece would take time that grows with the square of its length.
    if (size * 4 < held.length) continue
    join()
    yield* parts(false)
  }
  join()
  yield* parts(true)
}
