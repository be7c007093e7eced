import type { Db } from '@mairust/db'
import { addMessageTags, findTagsByName, removeMessageTags } from '@mairust/db/queries/tag'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { ensureTags } from '../tag/ensure.ts'

/** Names of tags: `tags` takes the place of all that a message has, then some are added, then some taken away. */
export type TagChange = Partial<Record<'tags' | 'add_tags' | 'remove_tags', readonly string[] | undefined>>

/** Changes the tags of messages. Tags that are to be added and do not exist are made; names to take away that are no tag are passed over. */
export const tagMessages = async (
  tx: Db,
  ctx: ServiceContext,
  messageIds: readonly string[],
  { tags, add_tags: added = [], remove_tags: removed = [] }: TagChange,
): Promise<void> => {
  if (messageIds.length === 0) return
  const scope = scopeOf(ctx)
  // Before any tie is touched: whoever removes a tag takes the tag first and then its ties.
  const ensured = await ensureTags(tx, ctx, [...(tags ?? []), ...added])
  if (tags !== undefined) await removeMessageTags(tx, scope, messageIds, 'all')
  await addMessageTags(tx, scope, messageIds, idsOf(ensured.tags))
  await removeMessageTags(tx, scope, messageIds, idsOf(await findTagsByName(tx, scope, removed)))
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id)
