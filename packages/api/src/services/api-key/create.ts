import { createId } from '@mairust/db'
import { insertApiKey } from '@mairust/db/queries/api-key'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { makeApiKey } from '../../auth/api-key.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { requireHeld, requireKeyOwner, toApiKeyWire, toExpiry, toScopes, vouching } from './internal.ts'
import { createApiKeyInput, newApiKeySchema, type NewApiKeyWire } from './schemas.ts'

/**
 * Makes an API key. It never holds more than its maker, nor more than the user it acts for.
 * @returns the key with its text, which nobody can read again
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const createApiKey = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof createApiKeyInput>
}): Promise<NewApiKeyWire> => {
  requirePermission(ctx, 'api_key:write')
  const wanted = parseInput(createApiKeyInput, input)
  const scopes = toScopes(wanted.scopes)
  const now = ctx.now()
  const expiresAt = toExpiry(wanted.expires_at, now)
  const { text, lookup, secretHash } = makeApiKey(ctx.keys)
  const wire = await ctx.db.transaction(async (tx) => {
    const owner = await requireKeyOwner(tx, ctx, wanted.user_id)
    requireHeld(ctx, scopes, owner.role)
    const row = {
      id: createId('key'),
      tenantId: ctx.actor.tenantId,
      lookup,
      secretHash,
      name: wanted.name,
      scopes,
      userId: owner.id,
      ...vouching(ctx, owner),
      createdAt: now,
      expiresAt,
      lastUsedAt: null,
      lastUsedIp: null,
    }
    await insertApiKey(tx, scopeOf(ctx), row)
    const after = await toApiKeyWire(tx, ctx, row)
    await writeAudit(tx, ctx, { action: 'api_key.create', targetType: 'api_key', targetId: row.id, after })
    return after
  })
  return newApiKeySchema.parse({ ...wire, key: text })
}
