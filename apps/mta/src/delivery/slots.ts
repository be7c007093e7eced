import { PlaceQueue } from './place-queue.ts'

/** Whose mail an attempt is for; without a user it is only an organisation's. */
export interface SlotOwner {
  readonly userId: string | null
  readonly tenantId: string
}

/** Who has too much under way. */
export interface Crowding {
  readonly userIds: readonly string[]
  readonly tenantIds: readonly string[]
}

/** A place for one attempt. */
export interface Slot {
  /** Says whose mail it is for, once that is known. */
  serve(owner: SlotOwner): void
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
 * Attempts that only wait, for each free place, that a user or an organisation may have: there is always room for others. One organisation
 * may have most of the places, since it may have all users.
 */
const SHARES = { user: 1 / 4, tenant: 3 } as const

/**
 * The places for attempts of this process. One that lasts long does nothing but wait: after a while it no longer counts, so that
 * slow remotes never hold the places that others need (O31).
 */
export class Slots {
  readonly #options: SlotOptions
  /** Those for sites that have taken mail lately, and others: they take turns, so that sites that only wait cost little. */
  readonly #waiting = [new PlaceQueue<Slot | null>(), new PlaceQueue<Slot | null>()] as const
  #next: 0 | 1 = 0
  /** Attempts that no longer count, of each user and each organisation. */
  readonly #long = { user: new Map<string, number>(), tenant: new Map<string, number>() }
  /** Attempts that count, and all. */
  #counted = 0
  #all = 0
  #closed = false

  constructor(options: SlotOptions) {
    this.#options = options
  }

  /**
   * Waits for a place; null: there are no more. `isKnown`: the site has taken mail lately. `owners`: whose mail waits for it; each gets
   * places in turn with others.
   */
  enter(isKnown: boolean, owners: readonly [string, ...string[]]): Promise<Slot | null> {
    const place = this.#waiting[isKnown ? 0 : 1].wait(owners)
    this.#admit()
    return place
  }

  /** Of whom so many attempts only wait for their remotes that no more of their mail should be tried now. */
  get crowding(): Crowding {
    return { userIds: this.#crowdingOf('user'), tenantIds: this.#crowdingOf('tenant') }
  }

  #crowdingOf(kind: keyof typeof SHARES): string[] {
    const share = (this.#most - this.#all) * SHARES[kind]
    return [...this.#long[kind]].flatMap(([id, count]) => (count >= share ? [id] : []))
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
      const turn = this.#next === 0 ? ([known, others] as const) : ([others, known] as const)
      const waiting = turn[0].take() ?? turn[1].take()
      if (waiting === undefined) return
      this.#next = this.#next === 0 ? 1 : 0
      waiting(this.#closed ? null : this.#take())
    }
  }

  #take(): Slot {
    this.#counted += 1
    this.#all += 1
    let state: 'counts' | 'lent' | 'left' = 'counts'
    let owner: SlotOwner | null = null
    const lend = setTimeout(() => {
      state = 'lent'
      this.#counted -= 1
      this.#addLong(owner, 1)
      this.#admit()
    }, this.#options.lendAfterMs)
    lend.unref()
    return {
      serve: (served) => {
        if (state === 'lent') this.#addLong(owner, -1)
        owner = served
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

  #addLong(owner: SlotOwner | null, change: 1 | -1): void {
    if (owner === null) return
    if (owner.userId !== null) add(this.#long.user, owner.userId, change)
    add(this.#long.tenant, owner.tenantId, change)
  }
}

function add(counts: Map<string, number>, id: string, change: 1 | -1): void {
  const count = (counts.get(id) ?? 0) + change
  if (count > 0) counts.set(id, count)
  else counts.delete(id)
}
