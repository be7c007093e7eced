import { setImmediate } from 'node:timers/promises'
import { createFairQueue, PoolBusyError } from '@mairust/worker-pool'
import { AppError } from '../errors.ts'
import { createAnswerShares, type ShareLimits } from '../http/answer-shares.ts'
import type { ReadingPace } from '../http/answer-stream.ts'
import type { Reader } from './tasks.ts'

/** A part that is being read. */
export type HeldPlace = {
  /** Decodes a piece when it is the reader's turn: between two rounds of the event loop, one piece of all readers. */
  inTurn: <Result>(decode: () => Result) => Promise<Result>
  /** Gives the place back; more than once does no harm. */
  release: () => void
}

/**
 * Parts that are decoded while they are read. Whatever readers ask for at once, the event loop decodes one piece at a time, of each
 * reader in turn, and what they hold is bounded, for each, his tenant and in all, however slowly they read.
 */
export type PartRoom = {
  /**
   * Waits for a place.
   * @param signal aborts when the client leaves
   * @throws AppError UNAVAILABLE when it waits too long or there is no room, INVALID_REQUEST when its client has left
   */
  enter: (reader: Reader, signal?: AbortSignal) => Promise<HeldPlace>
  pace: ReadingPace
}

export type PartLimits = ShareLimits &
  ReadingPace & {
    /** Parts of a user that are read at once; more wait. */
    partsPerUser: number
    waitMs: number
  }

/** What a part holds: a piece as it was read, one decoded, and what its client has not taken yet. */
const PART_BYTES = 262_144
const LIMITS: PartLimits = {
  partsPerUser: 8,
  bytesPerCaller: 8 * PART_BYTES,
  bytesPerTenant: 64 * PART_BYTES,
  bytes: 128 * PART_BYTES,
  bytesForEachUser: PART_BYTES,
  waitMs: 20_000,
  pieceMs: 120_000,
  bytesPerSecond: 8192,
}
/** A page with many pictures asks for all of them at once. */
const MAX_WAITING = 256

/** Makes the room of all parts that the process decodes. */
export function createPartRoom(changed: Partial<PartLimits> = {}): PartRoom {
  const limits = { ...LIMITS, ...changed }
  const shares = createAnswerShares(limits)
  const common = { maxBytes: Infinity, waitMs: limits.waitMs }
  const places = createFairQueue({
    ...common,
    width: Infinity,
    widthPerName: limits.partsPerUser,
    maxWaitingPerName: MAX_WAITING,
  })
  // Every place has one piece at most, so that none waits for long.
  const turns = createFairQueue({
    ...common,
    width: 1,
    widthPerName: 1,
    maxWaitingPerName: Infinity,
    waitMs: limits.pieceMs,
  })

  /** Waits for one of the user's places, and resolves to what gives it back. */
  async function take(user: string, signal: AbortSignal | undefined): Promise<() => void> {
    const { promise: begun, resolve: begin } = Promise.withResolvers<() => void>()
    const ended = places.run(user, 0, () => new Promise<void>(begin), signal)
    return Promise.race([begun, ended.then(() => begun)])
  }

  return {
    pace: limits,
    enter: async ({ tenantId, userId }, signal) => {
      const user = `${tenantId} ${userId}`
      const caller = { user, tenant: tenantId, session: user }
      const leave = await take(user, signal).catch((cause: unknown) => {
        throw cause instanceof PoolBusyError ? refusal(cause, signal) : cause
      })
      const full = shares.refusal(caller, PART_BYTES)
      if (full !== null) {
        leave()
        throw full
      }
      let free: (() => void) | null = shares.hold(caller, PART_BYTES)
      return {
        inTurn: (decode) =>
          turns.run(user, 0, async () => {
            // Others come between the pieces.
            await setImmediate()
            return decode()
          }),
        release: () => {
          free?.()
          free = null
          leave()
        },
      }
    },
  }
}

function refusal(cause: PoolBusyError, signal: AbortSignal | undefined): AppError {
  return signal?.aborted === true
    ? new AppError('INVALID_REQUEST', 'The client has disconnected.', { cause })
    : new AppError('UNAVAILABLE', 'You are downloading too many attachments at once. Try again.', {
        cause,
        retryAfter: 5,
      })
}
