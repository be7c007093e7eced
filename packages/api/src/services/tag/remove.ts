import { tenantTopic } from '@mairust/db'
import { deleteTag } from '@mairust/db/queries/tag'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { toTagWire } from './internal.ts'
import { requireTag } from './owner.ts'
import { tagIdInput } from './schemas.ts'

/**
 * Removes a tag from its owner and from every message.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const removeTag = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof tagIdInput>
}): Promise<void> => {
  requirePermission(ctx, 'tag:write')
  const { id } = parseInput(tagIdInput, input)
  await ctx.db.transaction(async (tx) => {
    const before = await requireTag(tx, ctx, 'tag:write', id)
    // Somebody else may have removed it meanwhile.
    if (!(await deleteTag(tx, scopeOf(ctx), id))) throw notFound('tag')
    await writeAudit(tx, ctx, { action: 'tag.delete', targetType: 'tag', targetId: id, before: toTagWire(before) })
    await ctx.changes.publish(tx, tenantTopic('tags', ctx.actor.tenantId))
  })
}
