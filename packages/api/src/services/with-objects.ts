import { removeBlobs } from '@mairust/db/blob'
import type { ServiceContext } from '../context.ts'
import { AppError } from '../errors.ts'

/**
 * Makes a change that refers to new objects. When it is certain that no row does, they are removed again; else pruning decides.
 * @param change calls `reached` when its transaction is about to be committed
 */
export const withObjects = async <Result>(
  ctx: ServiceContext,
  blobKeys: readonly string[],
  change: (reached: () => void) => Promise<Result>,
): Promise<Result> => {
  const commit = { isReached: false }
  try {
    return await change(() => {
      commit.isReached = true
    })
  } catch (error) {
    // A commit that fails may have been made all the same, unless it is we who refuse.
    if (!commit.isReached || error instanceof AppError) await removeBlobs(ctx, blobKeys)
    throw error
  }
}
