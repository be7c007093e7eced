import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Part } from '@mairust/intake'
import { Block } from './block.ts'
import type { MemoryBudget } from './memory-budget.ts'

/** Most memory that one message takes of the budget. */
const MAX_MEMORY = 256 * 1024

/** The bytes of one message as they come in: in memory while it is small and the budget lasts, in a file beyond that. */
export class SpoolBytes {
  readonly #path: string
  readonly #budget: MemoryBudget
  readonly #held = new Block()
  #file: FileHandle | null = null
  /** Bytes that were written to the file; null while there is none. */
  #written: number | null = null

  constructor(path: string, budget: MemoryBudget) {
    this.#path = path
    this.#budget = budget
  }

  /** @throws the system's error when the file cannot be written (ENOSPC). */
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

  /** Ends the message. What is given is good until `drop`. */
  async end(): Promise<Part> {
    if (this.#written === null) return this.#held.bytes
    await this.#write(this.#held.bytes)
    this.#freeMemory()
    await this.#file?.close()
    this.#file = null
    return { path: this.#path, from: 0, size: this.#written }
  }

  /** Forgets the bytes and gives back all that they took. */
  async drop(): Promise<void> {
    this.#freeMemory()
    if (this.#written === null) return
    this.#written = null
    await this.#file?.close()
    this.#file = null
    await rm(this.#path, { force: true })
  }

  /** Whether so many bytes more fit into memory; their room is taken of the budget then. */
  #hasRoom(bytes: number): boolean {
    const capacity = this.#held.capacityWith(bytes)
    return capacity <= MAX_MEMORY && this.#budget.take(capacity - this.#held.capacity)
  }

  #freeMemory(): void {
    this.#budget.giveBack(this.#held.capacity)
    this.#held.free()
  }

  async #write(bytes: Buffer): Promise<void> {
    if (this.#file === null) {
      await mkdir(dirname(this.#path), { recursive: true })
      this.#file = await open(this.#path, 'wx', 0o600)
      this.#written = 0
    }
    await this.#file.writeFile(bytes)
    this.#written = (this.#written ?? 0) + bytes.length
  }
}
