import { type Db, tenantTopic } from '@mairust/db'
import type { TagRow } from '@mairust/db/queries/tag'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { addTags, newTag, toTagWire } from './internal.ts'

/**
 * An owner's tags with these names, locked until the end of the transaction. Tags that do not exist are created, each with an audit
 * entry, and a notice is published.
 * @throws AppError CONFLICT when there would be too many
 */
export const ensureTags = async (
  tx: Db,
  ctx: ServiceContext,
  ownerId: string,
  names: readonly string[],
): Promise<TagRow[]> => {
  const wanted = names.map((name) => newTag(ctx, { name }))
  const { tags, created } = await addTags(tx, { ...scopeOf(ctx), ownerId }, wanted)
  for (const tag of created) {
    await writeAudit(tx, ctx, { action: 'tag.create', targetType: 'tag', targetId: tag.id, after: toTagWire(tag) })
  }
  if (created.length > 0) await ctx.changes.publish(tx, tenantTopic('tags', ctx.actor.tenantId))
  return tags
}
