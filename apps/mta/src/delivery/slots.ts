/** A place for one attempt. */
export interface Slot {
  /** Says whose mail it is for, once that is known; null: nobody's who could have too much of it. */
  serve(userId: string | null): void
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

/** The part of the free places that one user's attempts that only wait may be as many as: there is always room for others. */
const SHARE = 0.25

/**
 * The places for attempts of this process. One that lasts long does nothing but wait: after a while it no longer counts, so that
 * slow remotes never hold the places that others need (O31).
 */
export class Slots {
  readonly #options: SlotOptions
  /** Those for sites that have taken mail lately, and others: they take turns, so that sites that only wait cost little. */
  readonly #waiting: readonly [known: Waiting[], others: Waiting[]] = [[], []]
  #next: 0 | 1 = 0
  /** Attempts that no longer count, of each user. */
  readonly #long = new Map<string, number>()
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

  /** Users of whom so many attempts only wait for their remotes that no more of their mail should be tried now. */
  get crowding(): string[] {
    const share = (this.#most - this.#all) * SHARE
    return [...this.#long].flatMap(([userId, count]) => (count >= share ? [userId] : []))
  }

  /** Lets nobody in any more. */
  close(): void {
    this.#closed = true
    this.#admit()
  }

  get #most(): number {
    return Math.max(this.#options.most, this.#options.size())
  }

  #admit(): void {
    for (;;) {
      const isFull = this.#counted >= this.#options.size() || this.#all >= this.#most
      if (!this.#closed && isFull) return
      const [known, others] = this.#waiting
      const turn = this.#next === 0 ? [known, others] : [others, known]
      const waiting = turn.find(({ length }) => length > 0)?.shift()
      if (waiting === undefined) return
      this.#next = this.#next === 0 ? 1 : 0
      waiting(this.#closed ? null : this.#take())
    }
  }

  #take(): Slot {
    this.#counted += 1
    this.#all += 1
    let state: 'counts' | 'lent' | 'left' = 'counts'
    let owner: string | null = null
    const lend = setTimeout(() => {
      state = 'lent'
      this.#counted -= 1
      this.#addLong(owner, 1)
      this.#admit()
    }, this.#options.lendAfterMs)
    lend.unref()
    return {
      serve: (userId) => {
        if (state === 'lent') this.#addLong(owner, -1)
        owner = userId
        if (state === 'lent') this.#addLong(owner, 1)
      },
      leave: () => {
        clearTimeout(lend)
        if (state === 'counts') this.#counted -= 1
        else this.#addLong(owner, -1)
        state = 'left'
        this.#all -= 1
        this.#admit()
      },
    }
  }

  #addLong(userId: string | null, change: 1 | -1): void {
    if (userId === null) return
    const count = (this.#long.get(userId) ?? 0) + change
    if (count > 0) this.#long.set(userId, count)
    else this.#long.delete(userId)
  }
}
