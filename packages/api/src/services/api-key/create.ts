import { createId } from '@mairust/db'
import { insertApiKey } from '@mairust/db/queries/api-key'
import { makeApiKey } from '../../auth/api-key.ts'
import { scopeOf } from '../../context.ts'
import { verb, recorded } from '../../verb/index.ts'
import { requireHeld, requireKeyOwner, toApiKeyWire, toExpiry, toScopes, vouching } from './internal.ts'
import { createApiKeyInput, newApiKeySchema } from './schemas.ts'

/**
 * Makes an API key. It never holds more than its maker, nor more than the user it acts for.
 * @returns the key with its text, which nobody can read again
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const createApiKey = verb({
  permission: 'api_key:write',
  input: createApiKeyInput,
  output: newApiKeySchema,
  audit: 'api_key.create',
  run: async (ctx, wanted, commit) => {
    const scopes = toScopes(wanted.scopes)
    const now = ctx.now()
    const expiresAt = toExpiry(wanted.expires_at, now)
    const { text, lookup, secretHash } = makeApiKey(ctx.keys)
    return commit(async (tx) => {
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
      const answer = newApiKeySchema.parse({ ...after, key: text })
      return recorded(answer, { targetId: row.id, after })
    })
  },
})
