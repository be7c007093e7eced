import type { Db } from '@mairust/db'
import type { MessageRow } from '@mairust/db/queries/message'
import { unreferencedBlobs } from '@mairust/db/queries/blob-holders'
import { removeMessages } from '@mairust/db/queries/message-removal'
import type { ServiceContext } from '../../context.ts'

/**
 * Removes messages for good: rows, search index, counts, quota, threads.
 * @returns keys of the stored objects that nothing refers to any more; remove them with `removeBlobs` after the commit
 */
export const purgeMessages = async (tx: Db, rows: readonly MessageRow[]): Promise<string[]> => {
  if (rows.length === 0) return []
  await removeMessages(tx, rows)
  return unreferencedBlobs(
    tx,
    rows.map((row) => row.blobKey),
  )
}

/** Removes stored objects whose rows are gone. What fails is only logged: an object without a row is removed by the pruning, too. */
export const removeBlobs = async (ctx: ServiceContext, keys: readonly string[]): Promise<void> => {
  for (const key of keys) {
    await ctx.blobs.delete(key).catch((error: unknown) => {
      ctx.log.warn({ err: error }, 'A stored object could not be removed; it will be pruned')
    })
  }
}
