import { NOBODY } from './protocol.ts'
import { putBounded } from './recency.ts'

/** Who wants a turn. */
export type Claim = {
  id: number
  owner: string
  /** How much there is to read, as far as that is known before. */
  bytes: number
}

type Waiting = { claim: Claim; resume: () => void }

/** Milliseconds after which half of what an owner has spent is forgotten. */
const HALF_LIFE = 10_000
/** Bytes of unread input that count as a millisecond already spent. */
const BYTES_PER_MS = 10_240
/** Owners whose spending is remembered. */
const MAX_OWNERS = 5000

/**
 * Lets one task at a time use the thread, so that its time is known to be this task's. The next is the one whose owner has used the
 * thread least of late: an owner with costly tasks waits for the others, never they for it.
 */
export class TurnTaker {
  readonly #watch: (id: number) => void
  readonly #waiting: Waiting[] = []
  /** Least recently charged first. */
  readonly #spent = new Map<string, { ms: number; at: number }>()
  #isBusy = false

  /** @param watch told whose turn begins; `NOBODY` when it ends */
  constructor(watch: (id: number) => void) {
    this.#watch = watch
  }

  /** Resolves when it is the task's turn, which lasts until the code that follows waits for anything. */
  take(claim: Claim): Promise<void> {
    return new Promise((resume) => {
      this.#waiting.push({ claim, resume })
      this.#next()
    })
  }

  #next(): void {
    if (this.#isBusy || this.#waiting.length === 0) return
    this.#isBusy = true
    let owner = ''
    let start = 0
    // Whatever the resumed code does before it waits is done when the next one of these is called.
    setImmediate(() => {
      const { claim, resume } = this.#takeFirst()
      owner = claim.owner
      start = performance.now()
      this.#watch(claim.id)
      resume()
    })
    setImmediate(() => {
      this.#watch(NOBODY)
      this.#charge(owner, start)
      this.#isBusy = false
      this.#next()
    })
  }

  #takeFirst(): Waiting {
    const now = performance.now()
    let best = { at: 0, cost: Infinity }
    for (const [at, { claim }] of this.#waiting.entries()) {
      const cost = this.#spentBy(claim.owner, now) + claim.bytes / BYTES_PER_MS
      if (cost < best.cost) best = { at, cost }
    }
    const [first] = this.#waiting.splice(best.at, 1)
    if (first === undefined) throw new Error('Nobody waits for a turn')
    return first
  }

  #spentBy(owner: string, now: number): number {
    const spent = this.#spent.get(owner)
    return spent === undefined ? 0 : spent.ms * 0.5 ** ((now - spent.at) / HALF_LIFE)
  }

  #charge(owner: string, start: number): void {
    const now = performance.now()
    putBounded(this.#spent, owner, { ms: this.#spentBy(owner, now) + now - start, at: now }, MAX_OWNERS)
  }
}
