const FIRST = 4 * 1024

/**
 * Collects bytes in one growing block. Keeping small chunks as they come would cost far more: a Buffer of a few bytes
 * takes a hundred times as many.
 */
export class Block {
  #room = Buffer.alloc(0)
  #used = 0

  get length(): number {
    return this.#used
  }

  /** The bytes added so far; valid until the next `add` after `clear`. */
  get bytes(): Buffer {
    return this.#room.subarray(0, this.#used)
  }

  /** Bytes allocated. */
  get capacity(): number {
    return this.#room.length
  }

  /** The capacity after adding `bytes` more. */
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

  /** Drops the bytes, keeps the memory. */
  clear(): void {
    this.#used = 0
  }

  /** Drops the bytes and the memory. */
  free(): void {
    this.#used = 0
    this.#room = Buffer.alloc(0)
  }
}
