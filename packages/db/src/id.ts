import { createIdFactory, type IdPrefix } from '@mairust/mail-core/id'
import { idBytes } from './random.ts'

const source = { now: () => Date.now(), random: idBytes }
const next = createIdFactory(source)

/**
 * Ids of what one message becomes in many mailboxes. In order, they would tell whoever has two of the copies how many are between them,
 * and so who else got it: each is drawn on its own.
 */
const APART: ReadonlySet<IdPrefix> = new Set(['msg', 'thr'])

/**
 * Creates an id (`<prefix>_` + 26 characters of a UUIDv7) from the real clock. Those of one process sort in the order of the calls; of
 * messages and threads, only those of different milliseconds do.
 */
export function createId<P extends IdPrefix>(prefix: P): `${P}_${string}` {
  return APART.has(prefix) ? createIdFactory(source)(prefix) : next(prefix)
}
