import { tenantTopic } from '@mairust/db'
import { updateApiKeyRow } from '@mairust/db/queries/api-key'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { lockCoveredKey, requireHeld, toApiKeyWire, toExpiry, toScopes, vouching } from './internal.ts'
import { type ApiKeyWire, updateApiKeyInput } from './schemas.ts'

/**
 * Changes the name, the scopes or the end of a key; its secret and whom it acts for stay. Like a new key it never gets more than the
 * actor holds.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR
 */
export const updateApiKey = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof updateApiKeyInput>
}): Promise<ApiKeyWire> => {
  requirePermission(ctx, 'api_key:write')
  const { id, name, scopes: wanted, expires_at: ends } = parseInput(updateApiKeyInput, input)
  const scopes = wanted === undefined ? undefined : toScopes(wanted)
  const expiresAt = ends === undefined ? undefined : toExpiry(ends, ctx.now())
  return ctx.db.transaction(async (tx) => {
    const { key: before, owner } = await lockCoveredKey(tx, ctx, id)
    if (name === undefined && scopes === undefined && expiresAt === undefined) return toApiKeyWire(tx, ctx, before)
    // Also a key that only lives longer gives what it holds anew.
    requireHeld(ctx, scopes ?? before.scopes, owner.role)
    // A key that nobody vouches for, being the command line's, is from now on the actor's.
    const maker = before.createdBy === null ? vouching(ctx, owner) : {}
    const was = await toApiKeyWire(tx, ctx, before)
    const change = { name, scopes, expiresAt, ...maker }
    const after = await toApiKeyWire(
      tx,
      ctx,
      orNotFound(await updateApiKeyRow(tx, scopeOf(ctx), id, change), 'API key'),
    )
    await writeAudit(tx, ctx, {
      action: 'api_key.update',
      targetType: 'api_key',
      targetId: id,
      before: was,
      after,
    })
    await ctx.changes.publish(tx, tenantTopic('logins', ctx.actor.tenantId))
    return after
  })
}
