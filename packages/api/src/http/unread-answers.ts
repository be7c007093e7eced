import { AppError } from '../errors.ts'
import type { ShareLimits } from './answer-shares.ts'
import type { Caller } from './caller.ts'
import { createHeldSums } from './held-sums.ts'

/** An answer to a change, which its client has not read to its end. */
interface Unread {
  caller: Caller
  bytes: number
  /** Gives the answer up. The change has been made, and its client can read what came of it. */
  end: () => void
}

/**
 * Long answers to changes that are on their way. A change is refused for its user's own answers alone: when all hold too much together,
 * or those of a tenant, the oldest answer ends of whoever holds the most.
 */
export interface UnreadAnswers {
  /** The error when a user's own answers, whether on their way or being made, leave no room for more; null if they do. */
  refusal: (caller: Caller, bytes: number) => AppError | null
  /** Counts an answer until the returned function is called, or it ends. */
  add: (answer: Unread) => () => void
  /** Counts parts of answers that are being made, until the returned function is called. */
  hold: (caller: Caller, bytes: number) => () => void
  /** Whether these and the others are too much together: then answers are to get no more parts. */
  isFull: () => boolean
}

/** Makes the list, with nothing on it. */
export const createUnreadAnswers = (
  limits: Pick<ShareLimits, 'bytesPerCaller' | 'bytesPerTenant' | 'bytes'>,
): UnreadAnswers => {
  /** The oldest first. */
  const unread = new Set<Unread>()
  const sums = createHeldSums()
  const heldBy = ({ caller }: Unread): number => sums.with(caller, 0).user

  const forget = (answer: Unread): void => {
    if (unread.delete(answer)) sums.add(answer.caller, -answer.bytes)
  }

  /** Ends answers until the sum is small enough, or one is left. */
  const trim = (sum: () => number, most: number, isCounted: (answer: Unread) => boolean = () => true): void => {
    while (sum() > most) {
      const [first, ...others] = [...unread].filter(isCounted)
      if (first === undefined || others.length === 0) return
      const largest = others.reduce((a, b) => (heldBy(b) > heldBy(a) ? b : a), first)
      forget(largest)
      largest.end()
    }
  }

  return {
    refusal: (caller, bytes) => {
      const mine = sums.with(caller, 0).user
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
      sums.add(answer.caller, answer.bytes)
      trim(
        () => sums.with(answer.caller, 0).tenant,
        limits.bytesPerTenant,
        ({ caller }) => caller.tenant === answer.caller.tenant,
      )
      trim(sums.all, limits.bytes)
      return () => forget(answer)
    },
    hold: (caller, bytes) => {
      sums.add(caller, bytes)
      return () => sums.add(caller, -bytes)
    },
    isFull: () => sums.all() >= limits.bytes,
  }
}
