import { createIdFactory, type IdPrefix } from '@mairust/mail-core/id'
import { idBytes } from './random.ts'

const next = createIdFactory({ now: () => Date.now(), random: idBytes })

/**
 * Creates an id (`<prefix>_` + 26 characters of a UUIDv7) from the real clock; those of one process sort in the order of the calls.
 */
export function createId<P extends IdPrefix>(prefix: P): `${P}_${string}` {
  return next(prefix)
}

/**
 * Creates an id that says nothing of others of its time. For what one message becomes in many mailboxes: ids in order, or of the time
 * at which each was made, would tell whoever has two of the copies how many are between them, and so who else got it.
 * @param at one time for all that the message becomes; before 1970 counts as 1970
 */
export function createApartId<P extends IdPrefix>(prefix: P, at: Date): `${P}_${string}` {
  const time = Math.max(0, at.getTime())
  return createIdFactory({ now: () => time, random: idBytes })(prefix)
}
