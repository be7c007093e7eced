import { type Db, tenantTopic } from '@mairust/db'
import { lockTag, type TagOwner, updateTagRow } from '@mairust/db/queries/tag'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { onTaken } from '../../taken.ts'
import { parseInput, type IdOnly } from '../../wire/index.ts'
import { toTagWire } from './internal.ts'
import { reachOf, requireTag } from './owner.ts'
import { type TagWire, updateTagInput } from './schemas.ts'

/**
 * Changes the name or the colour of a tag, on every message that has it.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT when the name is taken
 */
export const updateTag = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof updateTagInput>
}): Promise<TagWire | IdOnly> => {
  requirePermission(ctx, 'tag:write')
  const { id, name, color } = parseInput(updateTagInput, input)
  return ctx.db
    .transaction(async (tx) => {
      const before = await requireTag(tx, ctx, 'tag:write', id, lockTag)
      const told = (tag: TagWire) => toChangedTag(tx, ctx, before, tag)
      if (name === undefined && color === undefined) return told(toTagWire(before))
      const change = { name, color: color?.toLowerCase() }
      const after = toTagWire(orNotFound(await updateTagRow(tx, scopeOf(ctx), id, change), 'tag'))
      await writeAudit(tx, ctx, {
        action: 'tag.update',
        targetType: 'tag',
        targetId: id,
        before: toTagWire(before),
        after,
      })
      await ctx.changes.publish(tx, tenantTopic('tags', ctx.actor.tenantId))
      return told(after)
    })
    .catch(onTaken('There is a tag of this name.'))
}

/** What a change answers: the tag as it is now, or its id alone to who may write but not read. */
const toChangedTag = async (tx: Db, ctx: ServiceContext, owner: TagOwner, tag: TagWire): Promise<TagWire | IdOnly> =>
  (await reachOf(tx, ctx, 'tag:read', owner)) === 'nothing' ? { id: tag.id } : tag
