import { hashToken } from '../auth/session.ts'
import { type Caller, callerOf, type Named } from './caller.ts'

/** How long a credential is known after it was last looked up, in milliseconds. */
const KNOWN_MS = 600_000
/** Most credentials that are known; one that is forgotten is known again at its next look-up. */
const MAX_KNOWN = 10_000

/**
 * Who has shown which credential of late, so that a request can wait by its user before anything is looked up. This permits nothing: a
 * credential that has ended since costs others a turn, until it is looked up or its time is over.
 */
export interface KnownCallers {
  /** Notes what a look-up has found: who has a credential (`credentialOf`), or that nobody has it any more. */
  note: (credential: string, actor: Named | null) => void
  /** Who has it as far as is known; null for all others, made-up ones too. */
  find: (credential: string) => Caller | null
}

/** Creates an empty memory; it keeps hashes. `now` is a clock in milliseconds. */
export function createKnownCallers(now: () => number = () => performance.now()): KnownCallers {
  /** The one that was looked up longest ago first. */
  const known = new Map<string, { caller: Caller; until: number }>()
  return {
    note: (credential, actor) => {
      const hash = hashToken(credential)
      known.delete(hash)
      if (actor === null) return
      known.set(hash, { caller: callerOf(actor, ''), until: now() + KNOWN_MS })
      const [oldest] = known.keys()
      if (oldest !== undefined && known.size > MAX_KNOWN) known.delete(oldest)
    },
    find: (credential) => {
      if (known.size === 0) return null
      const hash = hashToken(credential)
      const entry = known.get(hash)
      if (entry === undefined) return null
      if (now() < entry.until) return entry.caller
      known.delete(hash)
      return null
    },
  }
}
