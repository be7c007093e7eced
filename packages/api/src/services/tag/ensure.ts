import { tenantTopic } from '@mairust/db'
import { createId, type Db } from '@mairust/db'
import { ensureTagRows, type TagRow } from '@mairust/db/queries/tag'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { toTagWire } from './internal.ts'

/** Colour of a tag that nobody chose one for. */
const DEFAULT_COLOR = '#64748b'

/**
 * An owner's tags of these names, which stay until the end of the transaction. Those that do not exist are made, with an audit entry each and
 * a notice.
 */
export const ensureTags = async (
  tx: Db,
  ctx: ServiceContext,
  ownerId: string,
  names: readonly string[],
  color: string = DEFAULT_COLOR,
): Promise<{ tags: TagRow[]; made: TagRow[] }> => {
  const createdAt = ctx.now()
  const wanted = names.map((name) => ({ id: createId('tag'), name, color: color.toLowerCase(), createdAt }))
  const tags = await ensureTagRows(tx, { ...scopeOf(ctx), ownerId }, wanted)
  const made = tags.filter((tag) => wanted.some(({ id }) => id === tag.id))
  for (const tag of made) {
    await writeAudit(tx, ctx, { action: 'tag.create', targetType: 'tag', targetId: tag.id, after: toTagWire(tag) })
  }
  if (made.length > 0) await ctx.changes.publish(tx, tenantTopic('tags', ctx.actor.tenantId))
  return { tags, made }
}
