import { tenantTopic } from '@mairust/db'
import { updateApiKeyRow } from '@mairust/db/queries/api-key'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { makeApiKey } from '../../auth/api-key.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { DEFAULT_LIFE_MS, lockCoveredKey, requireHeld, toApiKeyWire, vouching } from './internal.ts'
import { apiKeyIdInput, newApiKeySchema, type NewApiKeyWire } from './schemas.ts'

/**
 * Gives a key a new secret; the old one stops at once, and whoever rotates it vouches for it. It keeps its end, unless that is past:
 * then it gets the default one anew.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const rotateApiKey = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof apiKeyIdInput>
}): Promise<NewApiKeyWire> => {
  requirePermission(ctx, 'api_key:write')
  const { id } = parseInput(apiKeyIdInput, input)
  const { text, lookup, secretHash } = makeApiKey(ctx.keys)
  const now = ctx.now()
  return ctx.db.transaction(async (tx) => {
    const { key: before, owner } = await lockCoveredKey(tx, ctx, id)
    requireHeld(ctx, before.scopes, owner.role)
    const hasEnded = before.expiresAt !== null && before.expiresAt <= now
    const expiresAt = hasEnded ? new Date(now.getTime() + DEFAULT_LIFE_MS) : before.expiresAt
    const change = { lookup, secretHash, expiresAt, lastUsedAt: null, lastUsedIp: null, ...vouching(ctx, owner) }
    const was = await toApiKeyWire(tx, ctx, before)
    const after = orNotFound(await updateApiKeyRow(tx, scopeOf(ctx), id, change), 'API key')
    const wire = await toApiKeyWire(tx, ctx, after)
    await writeAudit(tx, ctx, {
      action: 'api_key.rotate',
      targetType: 'api_key',
      targetId: id,
      before: was,
      after: wire,
    })
    await ctx.changes.publish(tx, tenantTopic('logins', ctx.actor.tenantId))
    return newApiKeySchema.parse({ ...wire, key: text })
  })
}
