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

  /** Memory that the block takes up. */
  get capacity(): number {
    return this.#room.length
  }

  /** Its capacity after `bytes` more have been added. */
  capacityWith(bytes: number): number {
    const needed = this.#used + bytes
    return needed <= this.#room.length ? this.#room.length : Math.max(needed, 2 * this.#room.length, FIRST)
  }

  add(chunk: Buffer): void {
    const capacity = this.capacityWith(chunk.length)
    if (capacity > this.#room.length) {
      const grown = Buffer.allocUnsafeSlow(capacity)
      this.bytes.copy(grown)
      this.#room = grown
    }
    chunk.copy(this.#room, this.#used)
    this.#used += chunk.length
  }

  /** Forgets the bytes and keeps the room. */
  clear(): void {
    this.#used = 0
  }

  /** Forgets the bytes and the room. */
  free(): void {
    this.#used = 0
    this.#room = Buffer.alloc(0)
  }
}
