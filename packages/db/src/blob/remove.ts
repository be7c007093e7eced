import type { BlobStore } from './blob.ts'

/** A blob store, and a log for what it cannot remove. */
export interface BlobRemoval {
  readonly blobs: Pick<BlobStore, 'delete'>
  readonly log: { warn(fields: object, message: string): void }
}

/**
 * Removes objects whose rows are gone; stops once `signal` is aborted. Returns how many. A failure is only logged, once for all: an
 * object without a row is removed by the pruning, too.
 */
export async function removeBlobs(
  { blobs, log }: BlobRemoval,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<number> {
  const failures: unknown[] = []
  let removed = 0
  for (const key of keys) {
    if (signal?.aborted === true) break
    try {
      await blobs.delete(key)
      removed += 1
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) {
    log.warn(
      { err: failures[0], objects: failures.length },
      'Stored objects could not be removed; pruning will try again',
    )
  }
  return removed
}
