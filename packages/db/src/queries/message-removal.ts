import { tenantScope } from './scope.ts'
import type { Db } from '../client/db.ts'
import type { MessageRow } from './message.ts'
import { deleteMessages, FolderCounts, releaseQuota } from './message-change.ts'
import { recountThreads } from './thread.ts'

/**
 * Permanently removes messages of any tenant: rows, search index, folder counts, quota, threads. The caller locks their mailboxes
 * and removes the blobs.
 */
export async function removeMessages(tx: Db, rows: readonly MessageRow[]): Promise<void> {
  const tenants = new Map<string, MessageRow[]>()
  for (const row of rows) tenants.set(row.tenantId, [...(tenants.get(row.tenantId) ?? []), row])
  for (const [tenantId, own] of [...tenants].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const scope = tenantScope(tenantId)
    const counts = new FolderCounts()
    const freed = new Map<string, number>()
    for (const { folderId, mailboxId, seen, size } of own) {
      counts.count(folderId, seen, -1)
      freed.set(mailboxId, (freed.get(mailboxId) ?? 0) + size)
    }
    await deleteMessages(tx, scope, own)
    await releaseQuota(tx, scope, freed)
    await recountThreads(tx, scope, [...new Set(own.map(({ threadId }) => threadId))])
    await counts.write(tx, scope)
  }
}
