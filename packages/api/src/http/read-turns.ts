import { setImmediate } from 'node:timers/promises'
import { createFairQueue, type FairQueueOptions, PoolBusyError } from '@mairust/worker-pool'
import type { Actor } from '../access/index.ts'
import { AppError } from '../errors.ts'
import { callerOf } from './caller.ts'
import { isSafeMethod } from './csrf.ts'
import { runInTurn } from './held-turn.ts'

/**
 * What callers read who have signed in or use a key, a REST request or a call of a batch at a time: whoever asks for much waits for
 * himself, not others for him. A turn is for the work of the thread that serves all: what waits for something else gives it back, by
 * `outsideTurn`.
 */
export interface ReadTurns {
  /**
   * Runs the work of a request or call when it is its caller's turn. Changes and requests without a login run
   * at once: they have limits of their own, and a body that arrives slowly must not take a turn.
   * @throws AppError UNAVAILABLE when it waits too long, INVALID_REQUEST when its client has left in the meantime
   */
  run: <Result>(
    actor: Actor | null,
    request: Pick<Request, 'method' | 'signal'>,
    work: () => Promise<Result>,
  ) => Promise<Result>
}

/** One thread serves all, and a batch of lists takes it for 0.1 s and more: more turns only let everybody wait for each. */
const QUEUE: FairQueueOptions = {
  width: 8,
  widthPerName: 4,
  maxBytes: Number.POSITIVE_INFINITY,
  maxWaitingPerName: 256,
  waitMs: 20_000,
}

/** Makes the turns of all that is read in the process. */
export const createReadTurns = (limits: Partial<FairQueueOptions> = {}): ReadTurns => {
  const queue = createFairQueue({ ...QUEUE, ...limits })
  /** Waits for a turn, and resolves to what gives it back. */
  const take = async (name: string, { signal }: Pick<Request, 'signal'>): Promise<() => void> => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<() => void>()
    const ended = queue.run(name, 0, async () => {
      // SQLite answers at once: without this, all that wait would run before the process reads what others send.
      await setImmediate()
      if (signal.aborted) throw new AppError('INVALID_REQUEST', 'The client has disconnected.')
      await new Promise<void>(begin)
    })
    try {
      return await Promise.race([begun, ended.then(() => begun)])
    } catch (cause) {
      throw cause instanceof PoolBusyError ? busy(cause) : cause
    }
  }
  return {
    run: async (actor, request, work) =>
      actor === null || !isSafeMethod(request.method)
        ? work()
        : runInTurn(() => take(callerOf(actor, '').user, request), work),
  }
}

const busy = (cause: PoolBusyError): AppError =>
  new AppError('UNAVAILABLE', 'You are sending too many requests at once. Try again.', { cause, retryAfter: 5 })
