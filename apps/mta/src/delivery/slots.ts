/** A place for one attempt. */
export interface Slot {
  leave(): void
}

export interface SlotOptions {
  /** `queue.concurrency`, read on each use. */
  readonly size: () => number
  /** Attempts under way in any case. */
  readonly most: number
  /** Milliseconds after which an attempt that still waits for its remote gives its place to others. */
  readonly lendAfterMs: number
}

/**
 * The places for attempts of this process. One that lasts long does nothing but wait: after a while it no longer counts, so that
 * slow remotes never hold the places that others need (O31).
 */
export class Slots {
  readonly #options: SlotOptions
  readonly #waiting: ((slot: Slot | null) => void)[] = []
  /** Attempts that count, and all. */
  #counted = 0
  #all = 0
  #closed = false

  constructor(options: SlotOptions) {
    this.#options = options
  }

  /** Waits for a place, in order of arrival; null: there are no more. */
  enter(): Promise<Slot | null> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#admit()
    })
  }

  /** Lets nobody in any more. */
  close(): void {
    this.#closed = true
    this.#admit()
  }

  get running(): number {
    return this.#all
  }

  #admit(): void {
    const { size, most } = this.#options
    while (this.#waiting.length > 0) {
      if (!this.#closed && (this.#counted >= size() || this.#all >= Math.max(most, size()))) return
      this.#waiting.shift()?.(this.#closed ? null : this.#take())
    }
  }

  #take(): Slot {
    this.#counted += 1
    this.#all += 1
    let counts = true
    const uncount = (): void => {
      if (counts) this.#counted -= 1
      counts = false
    }
    const lend = setTimeout(() => {
      uncount()
      this.#admit()
    }, this.#options.lendAfterMs)
    lend.unref()
    return {
      leave: () => {
        clearTimeout(lend)
        uncount()
        this.#all -= 1
        this.#admit()
      },
    }
  }
}
