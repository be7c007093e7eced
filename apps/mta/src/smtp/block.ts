const FIRST = 4 * 1024

/**
 * Bytes gathered in one block that grows. What many small chunks hold is kept without the chunks: a Buffer of a few
 * bytes costs a hundred times them.
 */
export class Block {
  #room = Buffer.alloc(0)
  #used = 0

  get length(): number {
    return this.#used
  }

  /** What has been added; good until `clear` and the next `add`. */
  get bytes(): Buffer {
    return this.#room.subarray(0, this.#used)
  }

  add(chunk: Buffer): void {
    const needed = this.#used + chunk.length
    if (needed > this.#room.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#room.length, FIRST))
      this.bytes.copy(grown)
      this.#room = grown
    }
    chunk.copy(this.#room, this.#used)
    this.#used = needed
  }

  /** Forgets the bytes and keeps the room. */
  clear(): void {
    this.#used = 0
  }
}
