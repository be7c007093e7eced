import type { TenantScope } from './scope.ts'
import { and, eq, inArray, ne, or } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { createId } from '../id.ts'
import { nameKey } from './name-key.ts'
import { ensureTagRows, type TagOwner } from './tag.ts'

/** The owner of the tags of a mailbox's messages: its user, or the mailbox itself while it has none. */
export const tagOwnerId = (mailbox: { id: string; userId: string | null }): string => mailbox.userId ?? mailbox.id

/** The tag owner of each of these mailboxes of the tenant, by mailbox. */
export async function findTagOwners(
  db: Db,
  scope: TenantScope,
  mailboxIds: readonly string[],
): Promise<Map<string, string>> {
  if (mailboxIds.length === 0) return new Map()
  const { mailboxes: m } = db.tables
  const rows = await db
    .select({ id: m.id, userId: m.userId })
    .from(m)
    .where(and(eq(m.tenantId, scope.tenantId), inArray(m.id, [...mailboxIds])))
  return new Map(rows.map((row) => [row.id, tagOwnerId(row)]))
}

/** The mailboxes whose messages have the tags of this owner. */
export async function findMailboxIdsOfTagOwner(db: Db, { tenantId, ownerId }: TagOwner): Promise<string[]> {
  const { mailboxes: m } = db.tables
  const rows = await db
    .select({ id: m.id })
    .from(m)
    .where(and(eq(m.tenantId, tenantId), or(eq(m.userId, ownerId), eq(m.id, ownerId))))
  return rows.map(({ id }) => id)
}

/** Removes all tags of an owner. */
export async function deleteTagsOf(tx: Db, { tenantId, ownerId }: TagOwner): Promise<void> {
  const { tags } = tx.tables
  await tx.delete(tags).where(and(eq(tags.tenantId, tenantId), eq(tags.ownerId, ownerId)))
}

/**
 * Replaces the tags of a mailbox's messages with its new owner's, by name; creates those that the new owner lacks, with their
 * colours. The old owner keeps theirs; a mailbox with tags of its own hands over all of them. The caller locks the mailbox.
 */
export async function moveTags(tx: Db, scope: TenantScope, mailboxId: string, to: string): Promise<void> {
  const { tags: t, messageTags: x, messages: m } = tx.tables
  const inMailbox = tx
    .select({ id: m.id })
    .from(m)
    .where(and(eq(m.tenantId, scope.tenantId), eq(m.mailboxId, mailboxId)))
  const tied = and(eq(x.tenantId, scope.tenantId), inArray(x.messageId, inMailbox))
  const used = tx.select({ id: x.tagId }).from(x).where(tied)
  const before = await tx
    .select()
    .from(t)
    .where(and(eq(t.tenantId, scope.tenantId), ne(t.ownerId, to), or(inArray(t.id, used), eq(t.ownerId, mailboxId))))
  const copies = before.map(({ name, color, createdAt }) => ({ id: createId('tag'), name, color, createdAt }))
  const after = await ensureTagRows(tx, { ...scope, ownerId: to }, copies)
  const byKey = new Map(after.map((tag) => [tag.nameKey, tag.id]))
  for (const { id, name } of before) {
    const tagId = byKey.get(nameKey(name))
    await tx
      .update(x)
      .set({ tagId })
      .where(and(eq(x.tagId, id), tied))
  }
  if (to !== mailboxId) await deleteTagsOf(tx, { ...scope, ownerId: mailboxId })
}
