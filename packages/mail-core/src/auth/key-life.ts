import type { SigningAlgorithm } from './keys.ts'
import { SIGNATURE_LIFETIME_S } from './sign.ts'

/** What of a domain's key decides what becomes of it. */
export interface KeyFacts {
  readonly id: string
  readonly algorithm: SigningAlgorithm
  readonly state: 'pending' | 'active' | 'retired'
  readonly createdAt: Date
  readonly retiredAt: Date | null
  /** Whether the private key can be read. */
  readonly isReadable: boolean
}

/** What DNS says of a pending key's record; `unknown`: it says nothing for now. */
export type KeySighting = 'published' | 'missing' | 'unknown'

/** What happens to a key. `dueAt`: when it is looked at again; null when nothing happens to it by itself. */
export type KeyStep =
  | { readonly id: string; readonly kind: 'activate'; readonly dueAt: null }
  | { readonly id: string; readonly kind: 'retire' | 'wait'; readonly dueAt: Date }
  | { readonly id: string; readonly kind: 'remove' }

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** How long a retired key stays published: no signature of it counts any more by then, nor is one checked late. */
const RETIRED_MS = SIGNATURE_LIFETIME_S * 1000 + 3 * DAY
/** A key that DNS has not told anything about for so long signs all the same. */
const UNKNOWN_MS = 3 * DAY

/**
 * What is to be done with the keys of a domain, in an order in which there is never more than one active key of an algorithm. A new
 * key signs when its record is published: nobody could verify it before. Until then the old one goes on. `sightings` has the pending
 * keys that DNS was asked for.
 */
export function keySteps(keys: readonly KeyFacts[], sightings: ReadonlyMap<string, KeySighting>, now: Date): KeyStep[] {
  return keys.flatMap((key) => stepsOf(key, keys, sightings.get(key.id), now))
}

function stepsOf(key: KeyFacts, keys: readonly KeyFacts[], seen: KeySighting | undefined, now: Date): KeyStep[] {
  const { id, state } = key
  switch (state) {
    case 'retired': {
      const dueAt = after(key.retiredAt ?? key.createdAt, RETIRED_MS)
      return [dueAt <= now ? { id, kind: 'remove' } : { id, kind: 'wait', dueAt }]
    }
    case 'active':
      return key.isReadable ? [] : [{ id, kind: 'retire', dueAt: after(now, RETIRED_MS) }]
    case 'pending': {
      if (!key.isReadable) return [{ id, kind: 'remove' }]
      if (seen === undefined) return []
      const isKnown = seen === 'published' || (seen === 'unknown' && after(key.createdAt, UNKNOWN_MS) <= now)
      if (!isKnown) return [{ id, kind: 'wait', dueAt: nextLook(key.createdAt, now) }]
      const old = keys.filter((one) => one.state === 'active' && one.algorithm === key.algorithm && one.isReadable)
      return [
        ...old.map((one) => ({ id: one.id, kind: 'retire' as const, dueAt: after(now, RETIRED_MS) })),
        { id, kind: 'activate', dueAt: null },
      ]
    }
  }
}

/** Often on the first day, when somebody may be waiting for it. */
function nextLook(createdAt: Date, now: Date): Date {
  const age = now.getTime() - createdAt.getTime()
  return after(now, age < DAY ? 5 * MINUTE : age < 14 * DAY ? HOUR : 6 * HOUR)
}

const after = (at: Date, ms: number): Date => new Date(at.getTime() + ms)
