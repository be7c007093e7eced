import { createFileRoom } from '@mairust/db'
import { AppError, diskFull } from '../errors.ts'
import type { Caller } from './caller.ts'
import { areWithin, createHeldSums, type Sums } from './held-sums.ts'

/** The space of a body on the disk, from its first byte in a file until it is used. */
export interface BodyPlace {
  /**
   * Asks for space for more bytes of the file, which are written next.
   * @throws AppError UNAVAILABLE when there is none any more: then the body is given up, and its space is free for others
   */
  grow: (bytes: number) => Promise<void>
  /** Bytes that `grow` allowed are in the file. */
  wrote: (bytes: number) => void
  /** The file is gone. */
  removed: () => void
  /** The file is gone, and so is the need to store what was in it. */
  close: () => void
}

/** Shares the space above the reserve among the bodies that are on their way. */
export interface BodySpace {
  /**
   * Books space for a body, waiting for that of others if need be.
   * @param size declared, or what has come of it
   * @throws AppError UNAVAILABLE when there is none for too long, or too little for this body alone
   */
  book: (caller: Caller, size: number) => Promise<BodyPlace>
}

export interface BodySpaceOptions {
  /** Free bytes on the disk; null if the system does not say. */
  freeBytes: () => Promise<number | null>
  waitMs: number
  now?: (() => number) | undefined
}

/** The parts of the free space that may be booked. The rest is for mail. */
const PARTS: Sums = { user: 1 / 4, tenant: 1 / 2, all: 3 / 4 }

/** Makes the space of one process. */
export const createBodySpace = ({ freeBytes, waitMs, now = Date.now }: BodySpaceOptions): BodySpace => {
  const booked = createHeldSums()
  const files = createFileRoom(freeBytes, now)
  let freed = Promise.withResolvers<null>()

  const room = async (): Promise<number> => Math.max(0, await files.bytes())

  /** Whether so much more may be booked. Throws when it could not even if nothing else were. */
  const fits = (caller: Caller, size: number, more: number, bytes: number): boolean => {
    const limits = { user: bytes * PARTS.user, tenant: bytes * PARTS.tenant, all: bytes * PARTS.all }
    if (size > limits.user) throw diskFull()
    return areWithin(booked.with(caller, more), limits)
  }

  const placeOf = (caller: Caller, first: number): BodyPlace => {
    let [size, allowed, written] = [first, 0, 0]
    const giveBack = (): void => {
      if (size === 0) return
      booked.add(caller, -size)
      size = 0
      freed.resolve(null)
      freed = Promise.withResolvers()
    }
    const removed = (): void => {
      files.wrote(-written)
      written = 0
    }
    const take = (bytes: number, free: number): void => {
      const more = Math.max(0, allowed + bytes - size)
      if (more > 0 && !fits(caller, size + more, more, free)) throw busy()
      // Mail has taken what was free when this was booked.
      if (booked.with(caller, more).all > free) throw diskFull()
      if (more > 0) booked.add(caller, more)
      size += more
      allowed += bytes
    }
    return {
      grow: async (bytes) => {
        const free = await room()
        try {
          take(bytes, free)
        } catch (error) {
          giveBack()
          throw error
        }
      },
      wrote: (bytes) => {
        written += bytes
        files.wrote(bytes)
      },
      removed,
      close: () => {
        removed()
        // What was in the file is stored now.
        files.stored()
        giveBack()
      },
    }
  }

  return {
    book: async (caller, size) => {
      const late = Promise.withResolvers<'late'>()
      const timer = setTimeout(() => late.resolve('late'), waitMs)
      try {
        while (!fits(caller, size, size, await room())) {
          if ((await Promise.race([freed.promise, late.promise])) === 'late') throw busy()
        }
        booked.add(caller, size)
        return placeOf(caller, size)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

const busy = (): AppError =>
  new AppError('UNAVAILABLE', 'Other large requests take the free space of the server. Try again.', { retryAfter: 5 })
