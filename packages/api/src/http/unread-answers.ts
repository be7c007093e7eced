import { AppError } from '../errors.ts'
import type { AnswerCaller, ShareLimits } from './answer-shares.ts'

/** An answer to a change, which its client has not read to its end. */
interface Unread {
  caller: AnswerCaller
  bytes: number
  /** Gives the answer up. The change has been made, and its client can read what came of it. */
  end: () => void
}

/**
 * Long answers to changes that are on their way. A change is refused for its user's own answers alone: when all hold too much together,
 * or those of a tenant, the oldest answer ends of whoever holds the most.
 */
export interface UnreadAnswers {
  /** The error when a user's own answers leave no room for more; null if they do. */
  refusal: (caller: AnswerCaller, bytes: number) => AppError | null
  /** Counts an answer until the returned function is called, or it ends. */
  add: (answer: Unread) => () => void
  /** Counts parts of answers that are being made, until the returned function is called. */
  hold: (bytes: number) => () => void
  /** Whether these and the others are too much together: then answers are to get no more parts. */
  isFull: () => boolean
}

/** Makes the list, with nothing on it. */
export const createUnreadAnswers = (
  limits: Pick<ShareLimits, 'bytesPerCaller' | 'bytesPerTenant' | 'bytes'>,
): UnreadAnswers => {
  /** The oldest first. */
  const unread = new Set<Unread>()
  let beingMade = 0
  const all = (): Unread[] => [...unread]

  const trim = (among: () => Unread[], most: number): void => {
    for (let list = among(); list.length > 1 && sumOf(list) > most; list = among()) {
      const largest = list.reduce((a, b) => (heldBy(list, b) > heldBy(list, a) ? b : a))
      unread.delete(largest)
      largest.end()
    }
  }

  return {
    refusal: ({ name }, bytes) => {
      const mine = sumOf(all().filter(({ caller }) => caller.name === name))
      return mine === 0 || mine + bytes <= limits.bytesPerCaller
        ? null
        : new AppError(
            'UNAVAILABLE',
            'Your earlier requests are still being answered. Read those answers, then try again.',
            { retryAfter: 5 },
          )
    },
    add: (answer) => {
      unread.add(answer)
      trim(() => all().filter(({ caller }) => caller.tenant === answer.caller.tenant), limits.bytesPerTenant)
      trim(all, limits.bytes)
      return () => void unread.delete(answer)
    },
    hold: (bytes) => {
      beingMade += bytes
      return () => {
        beingMade -= bytes
      }
    },
    isFull: () => beingMade + sumOf(all()) >= limits.bytes,
  }
}

const sumOf = (list: readonly Unread[]): number => list.reduce((sum, { bytes }) => sum + bytes, 0)

const heldBy = (list: readonly Unread[], { caller }: Unread): number =>
  sumOf(list.filter((other) => other.caller.name === caller.name))
