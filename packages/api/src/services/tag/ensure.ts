import { type Db, tenantTopic } from '@mairust/db'
import { ensureTagRows, type TagRow } from '@mairust/db/queries/tag'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { newTag, toTagWire } from './internal.ts'

/**
 * An owner's tags of these names, which stay until the end of the transaction. Those that do not exist are made, with an audit entry each and
 * a notice.
 */
export const ensureTags = async (
  tx: Db,
  ctx: ServiceContext,
  ownerId: string,
  names: readonly string[],
): Promise<TagRow[]> => {
  const wanted = names.map((name) => newTag(ctx, { name }))
  const tags = await ensureTagRows(tx, { ...scopeOf(ctx), ownerId }, wanted)
  const made = tags.filter((tag) => wanted.some(({ id }) => id === tag.id))
  for (const tag of made) {
    await writeAudit(tx, ctx, { action: 'tag.create', targetType: 'tag', targetId: tag.id, after: toTagWire(tag) })
  }
  if (made.length > 0) await ctx.changes.publish(tx, tenantTopic('tags', ctx.actor.tenantId))
  return tags
}
