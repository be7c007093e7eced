import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { deleteSearch, lockMailboxes } from '../dialect/index.ts'
import { hasId } from './id-set.ts'
import { findMessages, type MailboxScope, type MessageRow } from './message.ts'
import { own, type TenantScope } from './scope.ts'

/** Flags a reader may set. */
export type FlagChange = { seen?: boolean | undefined; starred?: boolean | undefined; answered?: boolean | undefined }

/**
 * The messages with these ids, in order of id, with their mailboxes locked, so that counts can be computed from them. Leaves out
 * ids not in the scope.
 */
export async function findMessagesForChange(
  tx: Db,
  scope: MailboxScope,
  ids: readonly string[],
): Promise<MessageRow[]> {
  const { messages } = tx.tables
  const found = await tx
    .selectDistinct({ id: messages.mailboxId })
    .from(messages)
    .where(and(eq(messages.tenantId, scope.tenantId), inArray(messages.id, [...ids])))
  const visible = found.filter(({ id }) => hasId(scope.mailboxIds, id))
  if (visible.length === 0) return []
  await lockMailboxes(
    tx,
    visible.map(({ id }) => ({ tenantId: scope.tenantId, mailboxId: id })),
  )
  return findMessages(tx, scope, ids)
}

/** Locks a mailbox until the end of the transaction: nothing arrives in it and nothing else changes it meanwhile. */
export async function lockMailbox(tx: Db, scope: TenantScope, mailboxId: string): Promise<void> {
  await lockMailboxes(tx, [{ tenantId: scope.tenantId, mailboxId }])
}

/** Sets flags on messages. The caller updates folder counts, with `FolderCounts`. */
export async function setFlags(tx: Db, scope: TenantScope, ids: readonly string[], flags: FlagChange): Promise<void> {
  if (ids.length === 0) return
  const { messages } = tx.tables
  await tx
    .update(messages)
    .set(flags)
    .where(and(eq(messages.tenantId, scope.tenantId), inArray(messages.id, [...ids])))
}

/**
 * Moves messages to a folder of their mailbox. With `trashedAt` the folder is Trash, and each message remembers its previous
 * folder; without it, that memory is cleared. The caller updates folder counts.
 */
export async function setFolder(
  tx: Db,
  scope: TenantScope,
  ids: readonly string[],
  folderId: string,
  trashedAt: Date | null,
): Promise<void> {
  if (ids.length === 0) return
  const { messages } = tx.tables
  await tx
    .update(messages)
    .set({ folderId, trashedAt, trashedFromId: trashedAt ? sql`${messages.folderId}` : null })
    .where(and(eq(messages.tenantId, scope.tenantId), inArray(messages.id, [...ids])))
}

/** Accumulates changes of folder counts. */
export class FolderCounts {
  readonly #deltas = new Map<string, { total: number; unseen: number }>()

  /** @param sign 1 for a message that enters the folder, -1 for one that leaves it */
  count(folderId: string, seen: boolean, sign: 1 | -1): void {
    this.#add(folderId, sign, seen ? 0 : sign)
  }

  /** Counts a message marked in its folder. */
  mark(folderId: string, seen: boolean): void {
    this.#add(folderId, 0, seen ? -1 : 1)
  }

  /** Writes all changes to the folders, in order of id. */
  async write(tx: Db, scope: TenantScope): Promise<void> {
    const { folders } = tx.tables
    for (const [id, { total, unseen }] of [...this.#deltas].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (total === 0 && unseen === 0) continue
      await tx
        .update(folders)
        .set({ total: sql`${folders.total} + ${total}`, unseen: sql`${folders.unseen} + ${unseen}` })
        .where(own(folders, scope, id))
    }
  }

  #add(folderId: string, total: number, unseen: number): void {
    const delta = this.#deltas.get(folderId) ?? { total: 0, unseen: 0 }
    this.#deltas.set(folderId, { total: delta.total + total, unseen: delta.unseen + unseen })
  }
}

/** Subtracts bytes from the mailboxes' usage. */
export async function releaseQuota(tx: Db, scope: TenantScope, bytes: ReadonlyMap<string, number>): Promise<void> {
  const { mailboxes } = tx.tables
  for (const [id, freed] of [...bytes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await tx
      .update(mailboxes)
      .set({ usedBytes: sql`${mailboxes.usedBytes} - ${freed}` })
      .where(own(mailboxes, scope, id))
  }
}

/** Removes messages and their search index. The caller updates counts, quota, threads and blobs. */
export async function deleteMessages(tx: Db, scope: TenantScope, rows: readonly MessageRow[]): Promise<void> {
  if (rows.length === 0) return
  const { messages } = tx.tables
  const ids = rows.map((row) => row.id)
  await deleteSearch(tx, rows)
  await tx.delete(messages).where(and(eq(messages.tenantId, scope.tenantId), inArray(messages.id, ids)))
}
