import type { TenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import type { MessageRow } from '@mairust/db/queries/message'
import { addMessageTags, countOtherTags, findTagsByName, removeMessageTags } from '@mairust/db/queries/tag'
import { findTagOwners } from '@mairust/db/queries/tag-owner'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { LIMITS } from '../../contract/limits.ts'
import { ensureTags } from '../tag/ensure.ts'
import type { ChangeResult } from './change.ts'

/** Names of tags: first `tags` replaces all tags of a message, then `add_tags` and `remove_tags` apply. */
export type TagChange = Partial<Record<'tags' | 'add_tags' | 'remove_tags', readonly string[] | undefined>>

/** The error for a message that would have too many tags. */
export const TOO_MANY_TAGS = `A message can have at most ${LIMITS.tagsPerMessage} tags.`

type TaggedRow = Pick<MessageRow, 'id' | 'mailboxId'>

/**
 * Changes the tags of messages. Each message gets tags of its mailbox's owner. Tags to add are created if they do not exist; names to
 * remove that are not tags are ignored. Messages that would have too many tags fail with CONFLICT. The caller holds the locks of the
 * mailboxes.
 */
export const tagMessages = async <Row extends TaggedRow>(
  tx: Db,
  ctx: ServiceContext,
  rows: readonly Row[],
  { tags, add_tags: added = [], remove_tags: removed = [] }: TagChange,
): Promise<{ changed: Row[]; failed: ChangeResult['failed'] }> => {
  const scope = scopeOf(ctx)
  const wanted = [...(tags ?? []), ...added]
  const groups = await byOwner(tx, scope, rows)
  const made = new Map<string, string[]>()
  // Locks the tags before the rows that attach them to messages, in the same order as the removal of a tag.
  for (const { ownerId } of groups) made.set(ownerId, idsOf(await ensureTags(tx, ctx, ownerId, wanted)))
  const full = new Set<string>()
  for (const { ownerId, messageIds } of groups) {
    const adding = made.get(ownerId) ?? []
    const away = idsOf(await findTagsByName(tx, { ...scope, ownerId }, removed))
    const stay =
      tags === undefined ? await countOtherTags(tx, scope, messageIds, [...adding, ...away]) : new Map<string, number>()
    const more = adding.filter((id) => !away.includes(id)).length
    const isFull = (id: string) => more > 0 && (stay.get(id) ?? 0) + more > LIMITS.tagsPerMessage
    const fits = messageIds.filter((id) => !isFull(id))
    for (const id of messageIds.filter(isFull)) full.add(id)
    if (tags !== undefined) await removeMessageTags(tx, scope, fits, 'all')
    await addMessageTags(tx, scope, fits, adding)
    await removeMessageTags(tx, scope, fits, away)
  }
  return {
    changed: rows.filter(({ id }) => !full.has(id)),
    failed: [...full].map((id) => ({ id, code: 'CONFLICT' as const })),
  }
}

/** The messages of each owner, sorted by owner, so that two transactions cannot deadlock. */
const byOwner = async (
  tx: Db,
  scope: TenantScope,
  rows: readonly TaggedRow[],
): Promise<{ ownerId: string; messageIds: string[] }[]> => {
  const owners = await findTagOwners(tx, scope, [...new Set(rows.map(({ mailboxId }) => mailboxId))])
  const groups = Map.groupBy(rows, ({ mailboxId }) => owners.get(mailboxId) ?? mailboxId)
  return [...groups]
    .map(([ownerId, mine]) => ({ ownerId, messageIds: idsOf(mine) }))
    .toSorted((a, b) => (a.ownerId < b.ownerId ? -1 : 1))
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id)
