/** Most memory one message may take from the budget; a larger one goes to a file. */
export const MAX_IN_MEMORY = 256 * 1024

/** Memory shared by the unfinished messages of all connections. */
export class MemoryBudget {
  #free: number

  constructor(bytes: number) {
    this.#free = bytes
  }

  /** @returns false, and takes nothing, when less than `bytes` is free */
  take(bytes: number): boolean {
    if (bytes > this.#free) return false
    this.#free -= bytes
    return true
  }

  giveBack(bytes: number): void {
    this.#free += bytes
  }
}
