/** Something that waits for its turn. */
export interface Entry {
  /** Called once, when its turn has come; the turn ends with the promise, which must not reject. */
  readonly begin: () => Promise<unknown>
}

export interface TurnLimits {
  /** Most turns at once, and most of one name. */
  readonly inFlight: number
  readonly perName: number
  /** Most entries of one name that wait. How many names there are is for the caller to bound. */
  readonly waiting: number
}

interface Line {
  readonly name: string
  readonly waiting: Set<Entry>
  running: number
}

/** Gives turns to names in rotation, so that a name with many entries takes its share and no more. */
export class Turns {
  readonly #limits: TurnLimits
  /** Least recently served first. */
  readonly #lines = new Map<string, Line>()
  readonly #places = new Map<Entry, Set<Line>>()
  #running = 0

  constructor(limits: TurnLimits) {
    this.#limits = limits
  }

  /** Puts the entry in the name's line; it may stand in several, and begins with the first turn. @returns false when too many wait */
  enter(name: string, entry: Entry): boolean {
    const line = this.#lines.get(name) ?? { name, waiting: new Set(), running: 0 }
    if (line.waiting.has(entry)) return true
    this.#lines.set(name, line)
    line.waiting.add(entry)
    const places = this.#places.get(entry) ?? new Set()
    this.#places.set(entry, places.add(line))
    this.#advance()
    if (line.waiting.size <= this.#limits.waiting || !line.waiting.has(entry)) return true
    line.waiting.delete(entry)
    places.delete(line)
    if (places.size === 0) this.#places.delete(entry)
    return false
  }

  /** Takes an entry that has not begun out of all lines. */
  leave(entry: Entry): void {
    for (const line of this.#places.get(entry) ?? []) {
      line.waiting.delete(entry)
      this.#forget(line)
    }
    this.#places.delete(entry)
  }

  #advance(): void {
    for (const line of [...this.#lines.values()]) {
      const free = this.#limits.inFlight - this.#running
      if (free <= 0) return
      const [next] = line.waiting
      // None takes more than it leaves free: however few names are busy, a new one need not wait until theirs end.
      if (next !== undefined && line.running < Math.min(this.#limits.perName, free)) this.#begin(line, next)
    }
  }

  #begin(line: Line, entry: Entry): void {
    line.running += 1
    this.#running += 1
    this.leave(entry)
    this.#lines.delete(line.name)
    this.#lines.set(line.name, line)
    void entry.begin().then(() => {
      line.running -= 1
      this.#running -= 1
      this.#forget(line)
      this.#advance()
    })
  }

  #forget(line: Line): void {
    if (line.running === 0 && line.waiting.size === 0) this.#lines.delete(line.name)
  }
}
