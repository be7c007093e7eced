import { createHash, type Hash } from 'node:crypto'

const [TAB, LF, CR, SPACE] = [0x09, 0x0a, 0x0d, 0x20]
const BUFFER = 65_536
/** Bytes of CRLF. */
const LINE_END = 2

/**
 * Hashes a body in the relaxed form (RFC 6376 §3.4.4) as it streams by, in chunks of any size, so that no large object is ever held
 * whole.
 */
export class BodyHash {
  readonly #hash: Hash = createHash('sha256')
  readonly #out = Buffer.alloc(BUFFER)
  #length = 0
  /** Line ends that count only if something follows them. */
  #lines = 0
  #hasSpace = false
  #afterCr = false
  #midLine = false
  #isEmpty = true

  /** Takes the next bytes of the body. */
  update(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      const end = this.#midLine ? at : canonicalUntil(chunk, at)
      if (end > at) this.#lines = this.#takeLines(chunk.subarray(at, end - LINE_END))
      at = end > at ? end : this.#takeLine(chunk, at)
    }
  }

  /** Takes lines that are already in the relaxed form, without their last line end. */
  #takeLines(lines: Uint8Array): number {
    this.#writePending()
    this.#flush()
    this.#hash.update(lines)
    this.#isEmpty = false
    return 1
  }

  /** Takes any line, or the part of it that is here; returns where the next one starts. */
  #takeLine(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0
      if (byte === LF) {
        this.#endLine()
        return at + 1
      }
      // A CR that ends no line is part of the text.
      if (this.#afterCr) this.#text(CR)
      this.#afterCr = byte === CR
      if (byte === SPACE || byte === TAB) this.#hasSpace = true
      else if (byte !== CR) this.#text(byte)
    }
    this.#midLine = true
    return chunk.length
  }

  /** The hash in base64, as in `bh=`. Ends the body. */
  digest(): string {
    if (this.#afterCr) this.#text(CR)
    // RFC 6376 §3.4.4: a body with anything in it ends with one line end, an empty one with none.
    this.#lines = this.#isEmpty ? 0 : 1
    this.#writePending()
    this.#flush()
    return this.#hash.digest('base64')
  }

  #endLine(): void {
    this.#lines += 1
    this.#hasSpace = false
    this.#afterCr = false
    this.#midLine = false
  }

  #text(byte: number): void {
    if (this.#hasSpace || this.#lines > 0) {
      this.#writePending()
      if (this.#hasSpace) this.#put(SPACE)
      this.#hasSpace = false
    }
    this.#isEmpty = false
    this.#put(byte)
  }

  #writePending(): void {
    for (; this.#lines > 0; this.#lines -= 1) {
      this.#put(CR)
      this.#put(LF)
    }
  }

  #put(byte: number): void {
    if (this.#length === BUFFER) this.#flush()
    this.#out[this.#length] = byte
    this.#length += 1
  }

  #flush(): void {
    this.#hash.update(this.#out.subarray(0, this.#length))
    this.#length = 0
  }
}

/**
 * Where the lines end that begin at `from`, as far as they need no change; the last of them has text. Most mail is nothing else, and
 * such lines are hashed as they are.
 */
function canonicalUntil(chunk: Uint8Array, from: number): number {
  let end = from
  let lineStart = from
  let before: number | undefined = LF
  for (let at = from; at < chunk.length; at += 1) {
    const byte = chunk[at]
    if (byte === LF) {
      if (before !== CR) return end
      const isEmpty = at - lineStart < LINE_END
      // Empty lines count only if text follows.
      if (isEmpty && end === from) return end
      if (!isEmpty) end = at + 1
      lineStart = at + 1
    } else if (before === CR || byte === TAB || (before === SPACE && (byte === SPACE || byte === CR))) return end
    before = byte
  }
  return end
}
