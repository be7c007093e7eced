import { type Incoming, JSON_LIMIT } from './body.ts'
import type { Caller } from './caller.ts'
import { areWithin, createHeldSums, type Sums } from './held-sums.ts'

const MIB = 1_048_576
/** Bytes of bodies in memory, beyond `UNCOUNTED` of each. */
const LIMITS: Sums = { user: 8 * MIB, tenant: 32 * MIB, all: 64 * MIB }
/** Bytes of each body that are not counted: a connection holds as many anyway. */
const UNCOUNTED = 65_536
const STEP = 65_536
const EMPTY = Buffer.alloc(0)

/** The first bytes of a body, in memory. */
export interface FirstBytes {
  bytes: Buffer
  /** They are used, or elsewhere. */
  free: () => void
}

/** Memory that bodies share: a user and a tenant have a part of it, whatever others need. */
export interface BodyMemory {
  /** Reads a body until it ends, has more than `JSON_LIMIT` bytes, or there is no memory for more of it; see `Incoming` for what it throws. */
  begin: (caller: Caller, body: Incoming) => Promise<FirstBytes>
}

/** Makes the memory, one for all requests of the process. */
export const createBodyMemory = (limits: Sums = LIMITS): BodyMemory => {
  const held = createHeldSums()
  return {
    begin: async (caller, body) => {
      let counted = 0
      const count = (bytes: number): void => {
        held.add(caller, bytes)
        counted += bytes
      }
      const first: FirstBytes = {
        bytes: EMPTY,
        free: () => {
          count(-counted)
          first.bytes = EMPTY
        },
      }
      const chunks: Buffer[] = []
      let size = 0
      try {
        while (!body.isEnded() && size <= JSON_LIMIT) {
          const isCounted = size >= UNCOUNTED
          if (isCounted) {
            if (!areWithin(held.with(caller, STEP), limits)) break
            count(STEP)
          }
          const bytes = await body.next(STEP - 1)
          if (isCounted) count(bytes.length - STEP)
          chunks.push(bytes)
          size += bytes.length
        }
        first.bytes = Buffer.concat(chunks, size)
        return first
      } catch (error) {
        first.free()
        throw error
      }
    },
  }
}
