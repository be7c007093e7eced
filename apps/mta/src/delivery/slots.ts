/** A place for one attempt. */
export interface Slot {
  leave(): void
}

type Waiting = (slot: Slot | null) => void

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
  /** Those for sites that have taken mail lately, and others: they take turns, so that sites that only wait cost little. */
  readonly #waiting: readonly [known: Waiting[], others: Waiting[]] = [[], []]
  #next: 0 | 1 = 0
  /** Attempts that count, and all. */
  #counted = 0
  #all = 0
  #closed = false

  constructor(options: SlotOptions) {
    this.#options = options
  }

  /** Waits for a place, in order of arrival; null: there are no more. `isKnown`: the site has taken mail lately. */
  enter(isKnown: boolean): Promise<Slot | null> {
    return new Promise((resolve) => {
      this.#waiting[isKnown ? 0 : 1].push(resolve)
      this.#admit()
    })
  }

  /** Lets nobody in any more. */
  close(): void {
    this.#closed = true
    this.#admit()
  }

  #admit(): void {
    const { size, most } = this.#options
    for (;;) {
      if (!this.#closed && (this.#counted >= size() || this.#all >= Math.max(most, size()))) return
      // Sites that take mail keep half of all that may be under way.
      const hasRoom = this.#closed || this.#all < Math.max(most, size()) / 2
      const [known, others] = this.#waiting
      const turn = this.#next === 0 ? [known, hasRoom ? others : []] : [hasRoom ? others : [], known]
      const waiting = turn.find(({ length }) => length > 0)?.shift()
      if (waiting === undefined) return
      this.#next = this.#next === 0 ? 1 : 0
      waiting(this.#closed ? null : this.#take())
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
