import { createId, type Db } from '@mairust/db'
import { addMessageTags, findTagsByName, insertMissingTags, removeMessageTags } from '@mairust/db/queries/tag'
import { scopeOf, type ServiceContext } from '../../context.ts'

/** Colour of a tag that nobody chose one for. */
export const DEFAULT_TAG_COLOR = '#64748b'

/** Ties tags to messages; tags that do not exist are made. */
export const addTags = async (
  tx: Db,
  ctx: ServiceContext,
  messageIds: readonly string[],
  names: readonly string[],
): Promise<void> => {
  if (names.length === 0 || messageIds.length === 0) return
  const createdAt = ctx.now()
  await insertMissingTags(
    tx,
    scopeOf(ctx),
    names.map((name) => ({ id: createId('tag'), name, color: DEFAULT_TAG_COLOR, createdAt })),
  )
  const tags = await findTagsByName(tx, scopeOf(ctx), names)
  await addMessageTags(
    tx,
    scopeOf(ctx),
    messageIds,
    tags.map((tag) => tag.id),
  )
}

/** Unties tags from messages; names that are no tag are passed over. */
export const removeTags = async (
  tx: Db,
  ctx: ServiceContext,
  messageIds: readonly string[],
  names: readonly string[],
): Promise<void> => {
  const tags = await findTagsByName(tx, scopeOf(ctx), names)
  await removeMessageTags(
    tx,
    scopeOf(ctx),
    messageIds,
    tags.map((tag) => tag.id),
  )
}

/** Gives messages exactly these tags. */
export const replaceTags = async (
  tx: Db,
  ctx: ServiceContext,
  messageIds: readonly string[],
  names: readonly string[],
): Promise<void> => {
  await removeMessageTags(tx, scopeOf(ctx), messageIds, 'all')
  await addTags(tx, ctx, messageIds, names)
}
