import type { Db } from '@mairust/db'
import type { MessageRow } from '@mairust/db/queries/message'
import { FolderCounts, setFolder } from '@mairust/db/queries/message-change'
import { scopeOf, type ServiceContext } from '../../context.ts'

/**
 * Moves messages of one mailbox to one of its folders, and updates the counts. Messages that are in the folder already do not change.
 * @param toTrash whether that folder is Trash, so that the messages remember where they were
 * @returns the messages that moved, as they were before
 */
export const placeMessages = async (
  tx: Db,
  ctx: ServiceContext,
  rows: readonly MessageRow[],
  folderId: string,
  toTrash: boolean,
): Promise<MessageRow[]> => {
  const moving = rows.filter((row) => row.folderId !== folderId)
  if (moving.length === 0) return []
  const counts = new FolderCounts()
  for (const row of moving) {
    counts.count(row.folderId, row.seen, -1)
    counts.count(folderId, row.seen, 1)
  }
  await setFolder(
    tx,
    scopeOf(ctx),
    moving.map((row) => row.id),
    folderId,
    toTrash ? ctx.now() : null,
  )
  await counts.write(tx, scopeOf(ctx))
  return moving
}
