import { createFairQueue, type FairQueueOptions, PoolBusyError } from '@mairust/worker-pool'
import { SearchBusyError, SearchTooSlowError } from './errors.ts'

/** Milliseconds that a search may take once it has its turn. */
export const SEARCH_MS = 5000

const QUEUE: FairQueueOptions = {
  width: 2,
  // One reader's slow searches keep only that reader waiting.
  widthPerName: 1,
  maxBytes: Number.POSITIVE_INFINITY,
  maxWaitingPerName: 50,
  waitMs: 15_000,
}

/** Milliseconds that a search has left. Throws SearchTooSlowError when there are none. */
export type TimeLeft = () => number

/** Runs the searches of several readers in turn, each within a time limit. */
export interface Turns {
  /**
   * Runs a search when it is its reader's turn. After the time limit the caller gets SearchTooSlowError at once, but the turn is only
   * over when `search` is: a database may not be able to interrupt it. Throws SearchBusyError when it gets no turn.
   */
  run<T>(reader: string, search: (left: TimeLeft) => Promise<T>): Promise<T>
}

/** Makes the turns of one open database. */
export function createTurns({
  limitMs = SEARCH_MS,
  ...queue
}: Partial<FairQueueOptions> & { limitMs?: number }): Turns {
  const turns = createFairQueue({ ...QUEUE, ...queue })
  return {
    run: async (reader, search) => {
      const late = Promise.withResolvers<never>()
      let timer: NodeJS.Timeout | undefined
      const inTurn = turns.run(reader, 0, () => {
        const end = performance.now() + limitMs
        timer = setTimeout(() => late.reject(new SearchTooSlowError('the search took too long')), limitMs)
        return search(() => timeUntil(end))
      })
      try {
        return await Promise.race([inTurn, late.promise])
      } catch (error) {
        if (!(error instanceof PoolBusyError)) throw error
        throw new SearchBusyError('the search got no turn', { cause: error })
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

function timeUntil(end: number): number {
  const left = end - performance.now()
  if (left <= 0) throw new SearchTooSlowError('the search took too long')
  return left
}
