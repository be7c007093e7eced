/** Lets a number of tasks run at once; a bounded number of others wait, first come, first served. */
export class Slots {
  readonly #most: number
  readonly #mostWaiting: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(most: number, mostWaiting: number) {
    this.#most = most
    this.#mostWaiting = mostWaiting
  }

  /** Runs the task when there is a place; null when too many wait already. */
  async run<T>(task: () => Promise<T>): Promise<T | null> {
    if (this.#running < this.#most) this.#running += 1
    else if (this.#waiting.length >= this.#mostWaiting) return null
    // Whoever ends hands over its place.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }
}
