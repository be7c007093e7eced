import { and, asc, count, eq, gt, inArray, notInArray, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'
import { keyOfName, nameKey } from './name-key.ts'
import { findRow, lockRow, updateRow, type NewRow, type RowChange } from './row.ts'
import { own, type TenantScope } from './scope.ts'

/** A tag as stored. */
export type TagRow = Tables['tags']['$inferSelect']

/** An owner of tags: a user, or a mailbox without one. */
export type TagOwner = TenantScope & { ownerId: string }

/** A page of an owner's tags, by name; `after` is the `nameKey` of the last one on the previous page. */
export function listTags(
  db: Db,
  owner: TagOwner,
  page: { limit: number; after?: string | undefined },
): Promise<TagRow[]> {
  const { tags } = db.tables
  return db
    .select()
    .from(tags)
    .where(and(ownedBy(db, owner), page.after === undefined ? undefined : gt(tags.nameKey, page.after)))
    .orderBy(asc(tags.nameKey))
    .limit(page.limit)
}

/** The condition for an owner's tags. */
const ownedBy = ({ tables: { tags } }: Db, { tenantId, ownerId }: TagOwner): SQL | undefined =>
  and(eq(tags.tenantId, tenantId), eq(tags.ownerId, ownerId))

/** The tenant's tag with this id, or null. */
export const findTag = (db: Db, scope: TenantScope, id: string): Promise<TagRow | null> =>
  findRow(db, db.tables.tags, scope, id)

/** The tenant's tag with this id, or null, locked until the end of the transaction. */
export const lockTag = (tx: Db, scope: TenantScope, id: string): Promise<TagRow | null> =>
  lockRow(tx, tx.tables.tags, scope, id)

/**
 * Changes a tag and returns the new row; null when there is none. Throws the database's unique violation when the name is taken.
 */
export const updateTagRow = (
  tx: Db,
  scope: TenantScope,
  id: string,
  change: RowChange<Tables['tags'], 'ownerId' | 'nameKey'>,
): Promise<TagRow | null> => updateRow(tx, tx.tables.tags, scope, id, { ...change, ...keyOfName(change) })

/** The owner's tags with these names, compared by `nameKey`. */
export async function findTagsByName(db: Db, owner: TagOwner, names: readonly string[]): Promise<TagRow[]> {
  if (names.length === 0) return []
  const { tags } = db.tables
  return db
    .select()
    .from(tags)
    .where(and(ownedBy(db, owner), inArray(tags.nameKey, names.map(nameKey))))
}

/** How many tags an owner has. */
export const countTags = (db: Db, owner: TagOwner): Promise<number> => db.$count(db.tables.tags, ownedBy(db, owner))

/** A tag to create if missing. */
export type NewTag = NewRow<Tables['tags'], 'ownerId' | 'nameKey'>

/**
 * Adds the tags whose names the owner lacks, with the given ids, and returns all tags of these names. They are locked until the end
 * of the transaction, so that none can be removed before it is used.
 */
export async function ensureTagRows(tx: Db, owner: TagOwner, wanted: readonly NewTag[]): Promise<TagRow[]> {
  if (wanted.length === 0) return []
  const { tags } = tx.tables
  const byKey = new Map<string, typeof tags.$inferInsert>()
  for (const tag of wanted) {
    const key = nameKey(tag.name)
    if (!byKey.has(key)) byKey.set(key, { ...tag, nameKey: key, tenantId: owner.tenantId, ownerId: owner.ownerId })
  }
  // In order of key, so that two transactions cannot deadlock.
  const rows = [...byKey.values()].sort((a, b) => (a.nameKey < b.nameKey ? -1 : 1))
  return tx
    .insert(tags)
    .values(rows)
    .onConflictDoUpdate({ target: [tags.tenantId, tags.ownerId, tags.nameKey], set: { color: sql`${tags.color}` } })
    .returning()
}

/** Removes a tag from its owner and from every message; false when there was none. */
export async function deleteTag(db: Db, scope: TenantScope, id: string): Promise<boolean> {
  const { tags } = db.tables
  const rows = await db
    .delete(tags)
    .where(own(tags, scope, id))
    .returning({ id: tags.id })
  return rows.length > 0
}

/** Tag names of each message, in order of name. Messages without tags have no entry. */
export async function tagsOfMessages(
  db: Db,
  scope: TenantScope,
  messageIds: readonly string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  if (messageIds.length === 0) return found
  const { tags, messageTags } = db.tables
  const rows = await db
    .select({ messageId: messageTags.messageId, name: tags.name })
    .from(messageTags)
    .innerJoin(tags, and(eq(tags.tenantId, messageTags.tenantId), eq(tags.id, messageTags.tagId)))
    .where(and(eq(messageTags.tenantId, scope.tenantId), inArray(messageTags.messageId, [...messageIds])))
    .orderBy(asc(tags.nameKey))
  for (const { messageId, name } of rows) {
    const names = found.get(messageId)
    if (names) names.push(name)
    else found.set(messageId, [name])
  }
  return found
}

/** How many tags beside these each message has. Messages without any have no entry. */
export async function countOtherTags(
  tx: Db,
  scope: TenantScope,
  messageIds: readonly string[],
  tagIds: readonly string[],
): Promise<Map<string, number>> {
  if (messageIds.length === 0) return new Map()
  const { messageTags } = tx.tables
  const rows = await tx
    .select({ messageId: messageTags.messageId, others: count() })
    .from(messageTags)
    .where(
      and(
        eq(messageTags.tenantId, scope.tenantId),
        inArray(messageTags.messageId, [...messageIds]),
        tagIds.length === 0 ? undefined : notInArray(messageTags.tagId, [...tagIds]),
      ),
    )
    .groupBy(messageTags.messageId)
  return new Map(rows.map(({ messageId, others }) => [messageId, others]))
}

/** Adds each tag to each message; existing pairs stay as they are. */
export async function addMessageTags(
  tx: Db,
  scope: TenantScope,
  messageIds: readonly string[],
  tagIds: readonly string[],
): Promise<void> {
  if (messageIds.length === 0 || tagIds.length === 0) return
  const { messageTags } = tx.tables
  for (const tagId of tagIds) {
    await tx
      .insert(messageTags)
      .values(messageIds.map((messageId) => ({ tenantId: scope.tenantId, messageId, tagId })))
      .onConflictDoNothing()
  }
}

/** Removes these tags from each message, or all tags when `tagIds` is `'all'`. */
export async function removeMessageTags(
  tx: Db,
  scope: TenantScope,
  messageIds: readonly string[],
  tagIds: readonly string[] | 'all',
): Promise<void> {
  if (messageIds.length === 0 || tagIds.length === 0) return
  const { messageTags } = tx.tables
  await tx
    .delete(messageTags)
    .where(
      and(
        eq(messageTags.tenantId, scope.tenantId),
        inArray(messageTags.messageId, [...messageIds]),
        tagIds === 'all' ? undefined : inArray(messageTags.tagId, [...tagIds]),
      ),
    )
}
