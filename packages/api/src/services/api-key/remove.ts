import { tenantTopic } from '@mairust/db'
import { deleteApiKeyRow } from '@mairust/db/queries/api-key'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { lockCoveredKey, toApiKeyWire } from './internal.ts'
import { apiKeyIdInput } from './schemas.ts'

/**
 * Revokes a key at once.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const removeApiKey = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof apiKeyIdInput>
}): Promise<void> => {
  requirePermission(ctx, 'api_key:write')
  const { id } = parseInput(apiKeyIdInput, input)
  await ctx.db.transaction(async (tx) => {
    const { key } = await lockCoveredKey(tx, ctx, id)
    const before = await toApiKeyWire(tx, ctx, key)
    await deleteApiKeyRow(tx, scopeOf(ctx), id)
    await writeAudit(tx, ctx, {
      action: 'api_key.delete',
      targetType: 'api_key',
      targetId: id,
      before,
    })
    await ctx.changes.publish(tx, tenantTopic('logins', ctx.actor.tenantId))
  })
}
