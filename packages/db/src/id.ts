import { createIdFactory, type IdPrefix } from '@mairust/mail-core/id'
import { idBytes } from './random.ts'

const next = createIdFactory({ now: () => Date.now(), random: idBytes })

/**
 * Creates an id (`<prefix>_` + 26 characters of a UUIDv7) from the real clock; those of one process sort in the order of the calls.
 */
export function createId<P extends IdPrefix>(prefix: P): `${P}_${string}` {
  return next(prefix)
}
