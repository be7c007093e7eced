import { createIdFactory, type IdPrefix } from '@mairust/mail-core/id'
import { idBytes } from './random.ts'

const source = { now: () => Date.now(), random: idBytes }
const next = createIdFactory(source)

/**
 * Creates an id (`<prefix>_` + 26 characters of a UUIDv7) from the real clock; those of one process sort in the order of the calls.
 */
export function createId<P extends IdPrefix>(prefix: P): `${P}_${string}` {
  return next(prefix)
}

/**
 * Creates an id that says nothing of others of its millisecond. For what one message becomes in many mailboxes: ids in order would tell
 * whoever has two of the copies how many are between them, and so who else got it.
 */
export function createApartId<P extends IdPrefix>(prefix: P): `${P}_${string}` {
  return createIdFactory(source)(prefix)
}
