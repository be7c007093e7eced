const LF = 0x0a
const DASH = 0x2d
const KIB = 1024
const MIB = 1024 * KIB
/**
 * How much to keep between two lines that may be boundaries. It shrinks as the total grows, so that the last parts are
 * not lost: at first more than is indexed of one part's text, in the end little more than a part's header.
 */
const STRETCHES = [
  { below: 4 * MIB, keep: MIB },
  { below: 6 * MIB, keep: 64 * KIB },
  { below: Number.POSITIVE_INFINITY, keep: 4 * KIB },
] as const
/** Most that is kept of a message. */
const MAX_TOTAL = 8 * MIB

/**
 * Cuts a large message down to what lists and search need: the header and the beginning of each part. Keeps every line
 * that may be a boundary, so the structure survives, and the beginning of what lies between. Feed it the message in
 * chunks, then call `end`.
 */
export class Thinner {
  readonly #kept: Buffer[] = []
  #total = 0
  #stretch = 0
  /** An unfinished line, in the pieces that it came in. */
  #rest: Buffer[] = []

  /** The caller may reuse the chunk afterwards. */
  take(chunk: Buffer): void {
    const end = chunk.lastIndexOf(LF) + 1
    if (end > 0) {
      this.#lines(Buffer.concat([...this.#rest, chunk.subarray(0, end)]))
      this.#rest = []
    }
    if (end < chunk.length) this.#rest.push(Buffer.from(chunk.subarray(end)))
  }

  /** Returns what was kept: all of it when the message is small. */
  end(): Buffer {
    this.#lines(Buffer.concat(this.#rest))
    this.#rest = []
    return Buffer.concat(this.#kept)
  }

  #lines(bytes: Buffer): void {
    let keepFrom = 0
    let at = 0
    while (at < bytes.length) {
      const end = bytes.indexOf(LF, at)
      const next = end === -1 ? bytes.length : end + 1
      if (bytes[at] === DASH && bytes[at + 1] === DASH) this.#stretch = 0
      this.#stretch += next - at
      const total = this.#total + next - keepFrom
      if (this.#stretch > stretchAt(total) || total > MAX_TOTAL) {
        this.#keep(bytes.subarray(keepFrom, at))
        keepFrom = next
      }
      at = next
    }
    this.#keep(bytes.subarray(keepFrom))
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#total += bytes.length
    this.#kept.push(Buffer.from(bytes))
  }
}

function stretchAt(total: number): number {
  return STRETCHES.find(({ below }) => total < below)?.keep ?? 0
}
