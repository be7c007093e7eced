import { tenantTopic } from '@mairust/db'
import { deleteAliasRow, lockAlias } from '@mairust/db/queries/alias'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { requireAlias, requireCoveredTargets, toAliasWire } from './internal.ts'
import { aliasIdInput } from './schemas.ts'

/**
 * Removes an alias.
 * @throws AppError FORBIDDEN also when it leads to somebody whose role is above the actor's, NOT_FOUND
 */
export const removeAlias = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof aliasIdInput>
}): Promise<void> => {
  requirePermission(ctx, 'alias:write')
  const { id } = parseInput(aliasIdInput, input)
  await ctx.db.transaction(async (tx) => {
    const before = await requireAlias(tx, ctx, 'alias:write', id, lockAlias)
    await requireCoveredTargets(tx, ctx, before.targets)
    await deleteAliasRow(tx, scopeOf(ctx), id)
    await writeAudit(tx, ctx, {
      action: 'alias.delete',
      targetType: 'alias',
      targetId: id,
      before: toAliasWire(before),
    })
    await ctx.changes.publish(tx, tenantTopic('addresses', ctx.actor.tenantId))
  })
}
