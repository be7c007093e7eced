import type { Db } from '@mairust/db'
import type { MessageRow } from '@mairust/db/queries/message'
import { deleteMessages, releaseQuota, unreferencedBlobs } from '@mairust/db/queries/message-change'
import { recountThreads } from '@mairust/db/queries/thread'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { FolderCounts } from './place.ts'

/**
 * Removes messages for good: rows, search index, counts, quota, threads.
 * @returns keys of the stored objects that nothing refers to any more; remove them with `removeBlobs` after the commit
 */
export const purgeMessages = async (tx: Db, ctx: ServiceContext, rows: readonly MessageRow[]): Promise<string[]> => {
  if (rows.length === 0) return []
  const scope = scopeOf(ctx)
  const counts = new FolderCounts()
  const freed = new Map<string, number>()
  for (const row of rows) {
    counts.count(row.folderId, row.seen, -1)
    freed.set(row.mailboxId, (freed.get(row.mailboxId) ?? 0) + row.size)
  }
  await deleteMessages(tx, scope, rows)
  await releaseQuota(tx, scope, freed)
  await recountThreads(tx, scope, [...new Set(rows.map((row) => row.threadId))])
  await counts.write(tx, scope)
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
