import { AppError } from '../errors.ts'
import type { AnswerShares } from './answer-shares.ts'
import type { Caller } from './caller.ts'
import type { Content } from './content.ts'
import type { UnreadAnswers } from './unread-answers.ts'

/** The parts that an answer is put together from: those of a batch, whose sum nobody knows before. */
export interface AnswerParts {
  /**
   * Asks for room before the work for a part.
   * @throws AppError PAYLOAD_TOO_LARGE, UNAVAILABLE when no more of them fit
   */
  requireRoom: () => void
  /**
   * Makes a part, in turn with those of others where answers may be long.
   * @throws AppError UNAVAILABLE when it waits too long
   */
  inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Whether a part is so small that it needs no booking. */
  isSmall: (content: Content) => boolean
  /**
   * Takes the room of a part.
   * @throws AppError as `requireRoom`, but never for a change: it has been made
   */
  book: (content: Content) => void
}

export interface PartLimits {
  /** Smaller answers, and parts, are not counted: as many may wait as there are connections. */
  smallBytes: number
  /** Bytes of the parts of an answer together; a single one may have more. */
  bytesOfParts: number
}

/** The room of one answer. */
interface Booking {
  parts: Omit<AnswerParts, 'inTurn'>
  /**
   * Takes what the whole answer needs beside its parts.
   * @throws AppError UNAVAILABLE when there is no room, but never for a change
   */
  complete: (bytes: number) => void
  release: () => void
}

/** Makes the booking of one answer. Once a part does not fit, no further one is made. */
export const createBooking = ({
  caller,
  shares,
  unread,
  limits,
}: {
  caller: Caller
  /** Of what is read; null for a change. */
  shares: AnswerShares | null
  /** The answers to changes. */
  unread: Pick<UnreadAnswers, 'hold' | 'isFull'>
  limits: PartLimits
}): Booking => {
  const held: (() => void)[] = []
  let booked = 0
  let refusal: AppError | null = null

  const take = (bytes: number): void => {
    held.push(shares === null ? unread.hold(caller, bytes) : shares.hold(caller, bytes))
    booked += bytes
  }

  return {
    parts: {
      requireRoom: () => {
        // A change is answered once it is made, so the ones before it decide. What is read may still be small.
        const isFull = (): boolean => booked >= limits.bytesOfParts || (booked > 0 && unread.isFull())
        if (shares === null && isFull()) refusal ??= tooLong()
        if (refusal !== null) throw refusal
      },
      isSmall: ({ bytes }) => bytes <= limits.smallBytes,
      book: ({ bytes }) => {
        if (shares !== null) {
          if (booked > 0 && booked + bytes > limits.bytesOfParts) refusal ??= tooLong()
          refusal ??= shares.refusal(caller, bytes)
          if (refusal !== null) throw refusal
        }
        take(bytes)
      },
    },
    complete: (bytes) => {
      const rest = bytes - booked
      const missing = shares !== null && rest > limits.smallBytes ? shares.refusal(caller, rest) : null
      if (missing !== null) throw missing
      take(rest)
    },
    release: () => {
      for (const release of held.splice(0)) release()
    },
  }
}

const tooLong = (): AppError =>
  new AppError(
    'PAYLOAD_TOO_LARGE',
    'This call was not made: the answers of its batch are too long together. Send it again with fewer others.',
  )
