import type { TenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import type { MessageRow } from '@mairust/db/queries/message'
import { addMessageTags, findTagsByName, removeMessageTags } from '@mairust/db/queries/tag'
import { findTagOwners } from '@mairust/db/queries/tag-owner'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { ensureTags } from '../tag/ensure.ts'

/** Names of tags: `tags` takes the place of all that a message has, then some are added, then some taken away. */
export type TagChange = Partial<Record<'tags' | 'add_tags' | 'remove_tags', readonly string[] | undefined>>

/**
 * Changes the tags of messages, each with those of its mailbox's owner. Tags that are to be added and do not exist are made; names to
 * take away that are no tag are passed over. Their mailboxes are locked by the caller.
 */
export const tagMessages = async (
  tx: Db,
  ctx: ServiceContext,
  rows: readonly Pick<MessageRow, 'id' | 'mailboxId'>[],
  { tags, add_tags: added = [], remove_tags: removed = [] }: TagChange,
): Promise<void> => {
  const scope = scopeOf(ctx)
  const wanted = [...(tags ?? []), ...added]
  const groups = await byOwner(tx, scope, rows)
  const made = new Map<string, string[]>()
  // Before any tie is touched: whoever removes a tag takes the tag first and then its ties.
  for (const { ownerId } of groups) made.set(ownerId, idsOf(await ensureTags(tx, ctx, ownerId, wanted)))
  for (const { ownerId, messageIds } of groups) {
    if (tags !== undefined) await removeMessageTags(tx, scope, messageIds, 'all')
    await addMessageTags(tx, scope, messageIds, made.get(ownerId) ?? [])
    const away = await findTagsByName(tx, { ...scope, ownerId }, removed)
    await removeMessageTags(tx, scope, messageIds, idsOf(away))
  }
}

/** The messages of each owner; in order of owner, so that two transactions never wait for each other. */
const byOwner = async (
  tx: Db,
  scope: TenantScope,
  rows: readonly Pick<MessageRow, 'id' | 'mailboxId'>[],
): Promise<{ ownerId: string; messageIds: string[] }[]> => {
  const owners = await findTagOwners(tx, scope, [...new Set(rows.map(({ mailboxId }) => mailboxId))])
  const groups = Map.groupBy(rows, ({ mailboxId }) => owners.get(mailboxId) ?? mailboxId)
  return [...groups]
    .map(([ownerId, mine]) => ({ ownerId, messageIds: idsOf(mine) }))
    .toSorted((a, b) => (a.ownerId < b.ownerId ? -1 : 1))
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id)
