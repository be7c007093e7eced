/** How much a cache holds. */
export interface CacheLimits {
  readonly entries: number
  readonly bytes: number
}

interface Entry<V> {
  readonly value: V
  readonly bytes: number
  readonly until: number
}

/** Bytes that an entry takes besides its key and value. */
const OVERHEAD = 200

/** Keeps values for a time; when it is full, the ones longest unused go. */
export class ExpiringCache<V> {
  readonly #limits: CacheLimits
  readonly #now: () => number
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry<V>>()
  #bytes = 0

  constructor(limits: CacheLimits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  /** The value and the milliseconds for which it still holds. */
  get(key: string): { readonly value: V; readonly leftMs: number } | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    const leftMs = entry.until - this.#now()
    this.#remove(key, entry)
    if (leftMs <= 0) return undefined
    this.#add(key, entry)
    return { value: entry.value, leftMs }
  }

  set(key: string, value: V, { bytes, ms }: { readonly bytes: number; readonly ms: number }): void {
    const before = this.#entries.get(key)
    if (before !== undefined) this.#remove(key, before)
    const entry = { value, bytes: bytes + key.length * 2 + OVERHEAD, until: this.#now() + ms }
    if (ms <= 0 || entry.bytes > this.#limits.bytes) return
    this.#add(key, entry)
    for (const [oldest, old] of this.#entries) {
      if (this.#entries.size <= this.#limits.entries && this.#bytes <= this.#limits.bytes) return
      this.#remove(oldest, old)
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) this.#remove(key, entry)
  }

  #add(key: string, entry: Entry<V>): void {
    this.#entries.set(key, entry)
    this.#bytes += entry.bytes
  }

  #remove(key: string, entry: Entry<V>): void {
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
  }
}
