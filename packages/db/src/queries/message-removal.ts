import type { Db } from '../client/db.ts'
import type { MessageRow } from './message.ts'
import { adjustFolders, deleteMessages, type FolderDelta, releaseQuota } from './message-change.ts'
import { recountThreads } from './thread.ts'

/**
 * Removes messages of any tenant for good: rows, search index, folder counts, quota, threads. Their mailboxes are locked by the
 * caller, who also sees to the stored objects.
 */
export async function removeMessages(tx: Db, rows: readonly MessageRow[]): Promise<void> {
  const tenants = new Map<string, MessageRow[]>()
  for (const row of rows) tenants.set(row.tenantId, [...(tenants.get(row.tenantId) ?? []), row])
  for (const [tenantId, own] of [...tenants].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const scope = { tenantId }
    const counts = new Map<string, FolderDelta>()
    const freed = new Map<string, number>()
    for (const { folderId, mailboxId, seen, size } of own) {
      const count = counts.get(folderId) ?? { total: 0, unseen: 0 }
      counts.set(folderId, { total: count.total - 1, unseen: count.unseen - (seen ? 0 : 1) })
      freed.set(mailboxId, (freed.get(mailboxId) ?? 0) + size)
    }
    await deleteMessages(tx, scope, own)
    await releaseQuota(tx, scope, freed)
    await recountThreads(tx, scope, [...new Set(own.map(({ threadId }) => threadId))])
    await adjustFolders(tx, scope, counts)
  }
}
