import type { Db } from '@mairust/db'
import type { MessageRow } from '@mairust/db/queries/message'
import { unreferencedBlobs } from '@mairust/db/queries/blob-holders'
import { removeMessages } from '@mairust/db/queries/message-removal'

/**
 * Removes messages for good: rows, search index, counts, quota usage, threads.
 * @returns keys of stored objects that are no longer referenced; remove them with `removeBlobs` (@mairust/db/blob) after the commit
 */
export const purgeMessages = async (tx: Db, rows: readonly MessageRow[]): Promise<string[]> => {
  if (rows.length === 0) return []
  await removeMessages(tx, rows)
  return unreferencedBlobs(
    tx,
    rows.map((row) => row.blobKey),
  )
}
