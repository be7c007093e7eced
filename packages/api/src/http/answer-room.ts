import { createFairQueue, PoolBusyError } from '@mairust/worker-pool'
import { AppError } from '../errors.ts'
import { type AnswerParts, createBooking, type PartLimits } from './answer-parts.ts'
import { createAnswerShares, type ShareLimits } from './answer-shares.ts'
import { answerStream, type ReadingPace } from './answer-stream.ts'
import type { Caller } from './caller.ts'
import { type Content, textContent } from './content.ts'
import { isSafeMethod } from './csrf.ts'
import { createUnreadAnswers } from './unread-answers.ts'

/** Answers on their way to their clients. What they hold is bounded, for each caller, tenant and in all, however slowly a client reads. */
export interface AnswerRoom {
  /**
   * Makes an answer and holds it until its client has it, has left, or reads too slowly.
   * @throws AppError UNAVAILABLE when there is no room for it; a change is then not made, for what is on its way to its own user
   */
  run: (
    caller: Caller,
    request: AskedRequest,
    work: (parts: AnswerParts) => Promise<Response | LongAnswer>,
  ) => Promise<Response>
}

interface AskedRequest extends Pick<Request, 'method'> {
  /** Aborts when the client leaves: changes that wait are then not made. */
  signal?: AbortSignal
  /** A change whose answer may be long. */
  isLongChange?: boolean
}

/** An answer whose content is made while the client reads it. */
export interface LongAnswer {
  /** Status and header, without a body. */
  head: Response
  content: Content
}

export interface AnswerLimits extends ShareLimits, PartLimits, ReadingPace {
  /** Changes of a session, or of a user's keys, that are made or answered at once. */
  changesPerUser: number
  /** Changes whose answers may be long that are made at once, of a user and of all: how long an answer is shows only then. */
  longChangesPerUser: number
  longChanges: number
  /** How long a change waits for earlier ones. */
  waitMs: number
}

const MIB = 1_048_576
const LIMITS: AnswerLimits = {
  smallBytes: 65_536,
  bytesOfParts: 8 * MIB,
  bytesPerCaller: 16 * MIB,
  // Strings take up to twice as much memory, and machines of 1 GB give 512 MB to all of it.
  bytesPerTenant: 48 * MIB,
  bytes: 64 * MIB,
  bytesForEachUser: MIB / 2,
  // The system asks for more only when a third of its buffer is free, of up to 4 MB.
  pieceMs: 120_000,
  bytesPerSecond: 8192,
  changesPerUser: 8,
  longChangesPerUser: 2,
  longChanges: 8,
  waitMs: 20_000,
}

/** Makes the room of answers, one for all requests of the process. */
export const createAnswerRoom = (changed: Partial<AnswerLimits> = {}): AnswerRoom => {
  const limits = { ...LIMITS, ...changed }
  // Apart from each other: what a caller does not read refuses no change.
  const reads = createAnswerShares(limits)
  const toChanges = createUnreadAnswers(limits)
  // A program may send many at once: its connections bound them.
  const queue = { maxBytes: Infinity, maxWaitingPerName: 1024, waitMs: limits.waitMs }
  const changes = createFairQueue({ ...queue, width: Infinity, widthPerName: limits.changesPerUser })
  const longChanges = createFairQueue({
    ...queue,
    width: limits.longChanges,
    widthPerName: limits.longChangesPerUser,
  })

  /** Turns for the parts of one answer; once one is refused, all further ones are. */
  const turnOf = (caller: Caller, signal: AbortSignal | undefined): AnswerParts['inTurn'] => {
    let refusal: AppError | null = null
    return async (work) => {
      // Others of the same user are made while it waits.
      const inRoom = async () => {
        refusal ??= toChanges.refusal(caller, limits.bytesForEachUser)
        if (refusal !== null) throw refusal
        return work()
      }
      if (refusal !== null) throw refusal
      return longChanges.run(caller.user, 0, inRoom, signal).catch((cause: unknown) => {
        if (cause instanceof PoolBusyError) refusal = tooManyChanges(cause)
        throw refusal ?? cause
      })
    }
  }

  /** Makes an answer. `release` is called when nothing of it is held any more. */
  const make = async (
    caller: Caller,
    { method, signal, isLongChange = false }: AskedRequest,
    work: Parameters<AnswerRoom['run']>[2],
    release: () => void,
  ): Promise<Response> => {
    const isRead = isSafeMethod(method)
    const booking = createBooking({ caller, shares: isRead ? reads : null, unread: toChanges, limits })
    let forget = (): void => undefined
    const free = () => {
      forget()
      booking.release()
      release()
    }
    try {
      const inTurn = isLongChange ? turnOf(caller, signal) : atOnce
      const made = await work({ ...booking.parts, inTurn })
      const { head, content } = made instanceof Response ? await contentOf(made) : made
      if (content === null || method === 'HEAD') {
        free()
        return new Response(null, head)
      }
      if (content.bytes <= limits.smallBytes) {
        free()
        return new Response([...content.texts()].join(''), head)
      }
      booking.complete(content.bytes)
      const given = new AbortController()
      const response = new Response(answerStream(content, limits, free, given.signal), head)
      if (!isRead) {
        booking.release()
        forget = toChanges.add({ caller, bytes: content.bytes, end: () => given.abort() })
      }
      return response
    } catch (error) {
      free()
      throw error
    }
  }

  return {
    run: (caller, request, work) => {
      const isQueued = caller.tenant !== null && !isSafeMethod(request.method)
      if (!isQueued) return make(caller, request, work, () => undefined)
      return new Promise((resolve, reject) => {
        const answered = () =>
          new Promise<void>((release) => void make(caller, request, work, release).then(resolve, reject))
        changes
          .run(caller.session, 0, answered, request.signal)
          .catch((cause: unknown) => reject(tooManyChanges(cause)))
      })
    },
  }
}

const atOnce: AnswerParts['inTurn'] = (work) => work()

const contentOf = async (head: Response): Promise<{ head: Response; content: Content | null }> => ({
  head,
  content: head.body === null ? null : textContent(await head.text()),
})

const tooManyChanges = (cause: unknown): AppError =>
  new AppError('UNAVAILABLE', 'You are sending too many changes at once. Try again.', { cause, retryAfter: 5 })
