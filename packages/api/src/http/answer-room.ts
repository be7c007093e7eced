import { AppError } from '../errors.ts'
import { isSafeMethod } from './csrf.ts'

/** Answers on their way to their clients. What they hold is bounded, for each caller and in all, however slowly a client reads. */
export interface AnswerRoom {
  /**
   * Makes an answer and holds it until its client has it, has left, or reads too slowly.
   * @throws AppError UNAVAILABLE when there is no room for it; a change is then not made
   */
  run: (caller: string, request: Pick<Request, 'method'>, work: () => Promise<Response>) => Promise<Response>
}

export interface AnswerLimits {
  /** Smaller answers are not counted: as many may wait as there are connections. */
  smallBytes: number
  /** Bytes of a caller's answers; a single one may have more. */
  bytesPerCaller: number
  bytes: number
  /** How long a client may take for a piece, and for an answer. */
  pieceMs: number
  answerMs: number
}

const MIB = 1_048_576
const LIMITS: AnswerLimits = {
  smallBytes: 65_536,
  bytesPerCaller: 16 * MIB,
  bytes: 128 * MIB,
  pieceMs: 20_000,
  answerMs: 300_000,
}
const PIECE = 65_536

/** Makes the room of answers, one for all requests of the process. */
export const createAnswerRoom = (changed: Partial<AnswerLimits> = {}): AnswerRoom => {
  const limits = { ...LIMITS, ...changed }
  const held = new Map<string, number>()
  let total = 0

  const requireRoom = (caller: string, bytes: number): void => {
    const mine = held.get(caller) ?? 0
    if (mine > 0 && mine + bytes > limits.bytesPerCaller) {
      throw busy('Your earlier requests are still being answered. Read those answers, then try again.')
    }
    if (total > 0 && total + bytes > limits.bytes) throw busy('Too many requests are being answered. Try again.')
  }

  const hold = (caller: string, bytes: number): (() => void) => {
    held.set(caller, (held.get(caller) ?? 0) + bytes)
    total += bytes
    return () => {
      total -= bytes
      const left = (held.get(caller) ?? 0) - bytes
      if (left > 0) held.set(caller, left)
      else held.delete(caller)
    }
  }

  return {
    run: async (caller, { method }, work) => {
      const isRead = isSafeMethod(method)
      if (!isRead) requireRoom(caller, limits.smallBytes)
      const response = await work()
      if (response.body === null || method === 'HEAD') return response
      const content = new Uint8Array(await response.arrayBuffer())
      if (content.length <= limits.smallBytes) return new Response(content, response)
      if (isRead) requireRoom(caller, content.length)
      return new Response(pieces(content, limits, hold(caller, content.length)), response)
    },
  }
}

const busy = (message: string): AppError => new AppError('UNAVAILABLE', message, { retryAfter: 5 })

/** Streams an answer as its client reads it. Calls `release` once nothing of it is held any more. */
const pieces = (
  whole: Uint8Array<ArrayBuffer>,
  { pieceMs, answerMs }: AnswerLimits,
  release: () => void,
): ReadableStream<Uint8Array> => {
  let left: Uint8Array<ArrayBuffer> | null = whole
  const timers: { piece?: NodeJS.Timeout; answer?: NodeJS.Timeout } = {}
  const end = () => {
    if (left === null) return
    left = null
    clearTimeout(timers.piece)
    clearTimeout(timers.answer)
    release()
  }
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const stop = () => {
          end()
          controller.error(new Error('The client reads its answer too slowly.'))
        }
        timers.answer = setTimeout(stop, answerMs)
        timers.piece = setTimeout(stop, pieceMs)
      },
      pull: (controller) => {
        if (left === null) return
        // A copy: a piece that waits in a socket must not hold all of the answer.
        controller.enqueue(left.slice(0, PIECE))
        left = left.subarray(PIECE)
        timers.piece?.refresh()
        if (left.length > 0) return
        end()
        controller.close()
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  )
}
