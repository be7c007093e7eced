import type { Db } from '@mairust/db'
import type { MessageRow } from '@mairust/db/queries/message'
import { adjustFolders, type FolderDelta, setFolder } from '@mairust/db/queries/message-change'
import { scopeOf, type ServiceContext } from '../../context.ts'

/** Adds up how moving messages changes the kept counts of folders. */
export class FolderCounts {
  readonly #deltas = new Map<string, FolderDelta>()

  /** @param sign 1 for a message that comes into the folder, -1 for one that leaves it */
  count(folderId: string, seen: boolean, sign: 1 | -1): void {
    const delta = this.#deltas.get(folderId) ?? { total: 0, unseen: 0 }
    delta.total += sign
    if (!seen) delta.unseen += sign
    this.#deltas.set(folderId, delta)
  }

  /** A message that was marked, in the folder where it is. */
  mark(folderId: string, seen: boolean): void {
    const delta = this.#deltas.get(folderId) ?? { total: 0, unseen: 0 }
    delta.unseen += seen ? -1 : 1
    this.#deltas.set(folderId, delta)
  }

  write(tx: Db, scope: { tenantId: string }): Promise<void> {
    return adjustFolders(tx, scope, this.#deltas)
  }
}

/**
 * Puts messages of one mailbox into one of its folders, with the counts. Messages that are there already stay as they are.
 * @param toTrash whether that folder is Trash, so that they remember where they were
 * @returns those that moved, as they were
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
