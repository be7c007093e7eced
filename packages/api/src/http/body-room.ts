import { createFairQueue, PoolBusyError } from '@mairust/worker-pool'
import { AppError } from '../errors.ts'
import { JSON_LIMIT } from './body.ts'

/** Requests whose bodies may be large: those with files. What they hold at once is bounded, and callers take turns. */
export interface BodyRoom {
  /**
   * Runs the work of a request, from reading its body to its answer, when there is room for the body.
   * @param limit most bytes that the body may have
   * @throws AppError UNAVAILABLE when there is none for too long
   */
  run: <Result>(
    caller: string,
    request: Pick<Request, 'headers'>,
    limit: number,
    work: () => Promise<Result>,
  ) => Promise<Result>
}

/** Bytes of bodies; reading and parsing takes several times as much. A larger one is alone. */
const MAX_BYTES = 64 * 1_048_576

/** Makes room for large bodies, one for all requests of the process. */
export const createBodyRoom = ({ waitMs = 20_000 }: { waitMs?: number } = {}): BodyRoom => {
  const queue = createFairQueue({ width: 8, widthPerName: 2, maxBytes: MAX_BYTES, maxWaitingPerName: 32, waitMs })
  return {
    run: async (caller, { headers }, limit, work) => {
      const told = headers.get('content-length')
      const size = Math.min(/^\d+$/.test(told ?? '') ? Number(told) : limit, limit)
      // Small ones are read at once, like those of all other requests.
      if (size <= JSON_LIMIT) return work()
      try {
        return await queue.run(caller, size, work)
      } catch (cause) {
        if (!(cause instanceof PoolBusyError)) throw cause
        throw new AppError('UNAVAILABLE', 'Too many large requests are being read. Try again.', {
          cause,
          retryAfter: 5,
        })
      }
    },
  }
}

/** Most bytes of a JSON body with a message of the largest size: its files are base64. */
export const messageBodyLimit = (maxMessageBytes: number): number => Math.ceil((maxMessageBytes * 4) / 3) + JSON_LIMIT
