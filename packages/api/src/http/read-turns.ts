import { setImmediate } from 'node:timers/promises'
import { createFairQueue, type FairQueueOptions, PoolBusyError } from '@mairust/worker-pool'
import type { Actor } from '../access/index.ts'
import { AppError } from '../errors.ts'
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
        : runInTurn(() => take(callerName(actor), request), work),
  }
}

const busy = (cause: PoolBusyError): AppError =>
  new AppError('UNAVAILABLE', 'You are sending too many requests at once. Try again.', { cause, retryAfter: 5 })

/** What a caller's turns go by: keys of a user share his. */
export const callerName = ({ tenantId, userId, id, name }: Actor): string => `${tenantId} ${userId ?? id ?? name}`

/**
 * What a caller's changes go by. Each session has a name of its own: who has a key of a user, and sends or reads nothing, must not stop
 * the user from signing out or revoking it.
 */
export const changesName = (actor: Actor): string =>
  actor.sessionId === null ? callerName(actor) : `${callerName(actor)} ${actor.sessionId}`

/** The user in the name of whoever makes changes. */
export const userOf = (changer: string): string => changer.split(' ', 2).join(' ')

/** The tenant in a caller's name. */
export const tenantOf = (caller: string): string => caller.split(' ', 1)[0] ?? ''
