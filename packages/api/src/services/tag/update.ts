import { tenantTopic } from '@mairust/db'
import { lockTag, updateTagRow } from '@mairust/db/queries/tag'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { onTaken, orNotFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { toTagWire } from './internal.ts'
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
}): Promise<TagWire> => {
  // A tag is the whole tenant's: who may remove it from everybody's mail may rename it there.
  requirePermission(ctx, 'tag:delete')
  const { id, name, color } = parseInput(updateTagInput, input)
  return ctx.db
    .transaction(async (tx) => {
      const before = orNotFound(await lockTag(tx, scopeOf(ctx), id), 'tag')
      if (name === undefined && color === undefined) return toTagWire(before)
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
      return after
    })
    .catch(onTaken('There is a tag of this name.'))
}
