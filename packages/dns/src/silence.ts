import { ExpiringCache } from './cache.ts'
import { nameKey } from './name.ts'

/** Milliseconds for which silence is remembered (RFC 9520 §3.2 allows up to five minutes). */
const REMEMBERED = 30_000
/** Names below a domain that were silent before all of it counts as silent: one dead customer says nothing about a registry. */
const DIFFERENT = 4
const LIMITS = { entries: 10_000, bytes: 4 * 1024 * 1024 }
/** Levels looked at, from the second on. */
const MAX_LEVELS = 8
const BYTES = 100

/** Remembers below which domains nothing was answered lately, whatever random names a flood asks for. */
export class SilentZones {
  /** The labels directly below each domain that were silent since anything below it was answered. */
  readonly #zones: ExpiringCache<Set<string>>

  constructor(now: () => number) {
    this.#zones = new ExpiringCache(LIMITS, now)
  }

  /** A question about the name was not answered. */
  silent(name: string): void {
    for (const { domain, below } of levelsOf(name)) {
      const labels = this.#zones.get(domain)?.value ?? new Set()
      if (labels.size < DIFFERENT) labels.add(below)
      this.#zones.set(domain, labels, { bytes: BYTES, ms: REMEMBERED })
    }
  }

  /** One was answered. */
  answered(name: string): void {
    for (const { domain } of levelsOf(name)) this.#zones.delete(domain)
  }

  /** The highest domain above the name that is silent; null when there is none. */
  zoneOf(name: string): string | null {
    const found = levelsOf(name).find(({ domain }) => (this.#zones.get(domain)?.value.size ?? 0) >= DIFFERENT)
    return found?.domain ?? null
  }
}

/** The domains that hold the name, the highest first, and the label below each; top-level domains say too little. */
function levelsOf(name: string): { readonly domain: string; readonly below: string }[] {
  const labels = nameKey(name).split('.')
  const count = Math.min(labels.length - 1, MAX_LEVELS)
  return Array.from({ length: count }, (_, level) => ({
    domain: labels.slice(-(level + 2)).join('.'),
    below: labels.at(-(level + 3)) ?? '',
  }))
}
