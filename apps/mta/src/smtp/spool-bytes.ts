import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Part } from '@mairust/intake'
import { Block } from './block.ts'
import { MAX_IN_MEMORY, type MemoryBudget } from './memory-budget.ts'
import type { SpoolPlace } from './spool-space.ts'

/** There is no room on the disk for more of the message. */
export class SpoolFullError extends Error {
  override readonly name = 'SpoolFullError'
}

/** Collects one message's bytes: in memory while it is small and the budget lasts, then in a file. */
export class SpoolBytes {
  readonly #path: string
  readonly #budget: MemoryBudget
  readonly #place: SpoolPlace
  readonly #held = new Block()
  #file: FileHandle | null = null
  /** Bytes written to the file; null while there is none. */
  #written: number | null = null

  constructor(path: string, budget: MemoryBudget, place: SpoolPlace) {
    this.#path = path
    this.#budget = budget
    this.#place = place
  }

  /** @throws SpoolFullError; the system's error when the file cannot be written (ENOSPC) */
  async add(bytes: Buffer): Promise<void> {
    if (this.#hasRoom(bytes.length)) {
      this.#held.add(bytes)
      return
    }
    await this.#write(this.#held.bytes)
    this.#held.clear()
    if (this.#hasRoom(bytes.length)) this.#held.add(bytes)
    else {
      this.#freeMemory()
      await this.#write(bytes)
    }
  }

  /** Ends the message. The result is valid until `drop`. @throws as `add` */
  async end(): Promise<Part> {
    if (this.#written === null) return this.#held.bytes
    await this.#write(this.#held.bytes)
    this.#freeMemory()
    await this.#file?.close()
    this.#file = null
    return { path: this.#path, from: 0, size: this.#written }
  }

  /** Drops the bytes and frees their memory and file. */
  async drop(): Promise<void> {
    this.#freeMemory()
    try {
      if (this.#written === null) return
      this.#written = null
      await this.#file?.close()
      this.#file = null
      await rm(this.#path, { force: true })
    } finally {
      this.#place.close()
    }
  }

  /** Whether that many more bytes fit into memory; if so, reserves them in the budget. */
  #hasRoom(bytes: number): boolean {
    const capacity = this.#held.capacityWith(bytes)
    return capacity <= MAX_IN_MEMORY && this.#budget.take(capacity - this.#held.capacity)
  }

  #freeMemory(): void {
    this.#budget.giveBack(this.#held.capacity)
    this.#held.free()
  }

  async #write(bytes: Buffer): Promise<void> {
    if (!(await this.#place.grow(bytes.length))) throw new SpoolFullError('No room for more of the message')
    if (this.#file === null) {
      await mkdir(dirname(this.#path), { recursive: true })
      this.#file = await open(this.#path, 'wx', 0o600)
      this.#written = 0
    }
    await this.#file.writeFile(bytes)
    this.#place.wrote(bytes.length)
    this.#written = (this.#written ?? 0) + bytes.length
  }
}
