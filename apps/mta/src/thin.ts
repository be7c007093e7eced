const LF = 0x0a
const DASH = 0x2d
/** Kept of each stretch between lines that may be boundaries: more than is indexed of one part's text. */
const MAX_STRETCH = 1024 * 1024
/** Kept of a whole message. */
const MAX_TOTAL = 8 * 1024 * 1024

/**
 * Takes the weight out of a large message: what lists and search need stands in the header and at the beginning of each
 * part. Every line that may be a boundary is kept, so the structure stays; of what lies between, the first megabyte.
 * Give it the message in chunks, then ask for what is kept.
 */
export class Thinner {
  readonly #kept: Buffer[] = []
  #total = 0
  #stretch = 0
  /** An unfinished line. */
  #rest: Buffer = Buffer.alloc(0)

  /** The chunk may be overwritten afterwards. */
  take(chunk: Buffer): void {
    const last = chunk.lastIndexOf(LF)
    if (last === -1) {
      this.#rest = Buffer.concat([this.#rest, chunk])
      return
    }
    this.#lines(
      this.#rest.length === 0 ? chunk.subarray(0, last + 1) : Buffer.concat([this.#rest, chunk.subarray(0, last + 1)]),
    )
    this.#rest = Buffer.from(chunk.subarray(last + 1))
  }

  /** What is kept; the message itself when it is small. */
  end(): Buffer {
    this.#lines(this.#rest)
    this.#rest = Buffer.alloc(0)
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
      if (this.#stretch > MAX_STRETCH || this.#total + next - keepFrom > MAX_TOTAL) {
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
