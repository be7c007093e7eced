import { updateApiKeyRow } from '@mairust/db/queries/api-key'
import { makeApiKey } from '../../auth/api-key.ts'
import { scopeOf } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { verb, recorded } from '../../verb/index.ts'
import { lockCoveredKey, requireGrantable, requireOutliving, toApiKeyWire, toExpiry, vouching } from './internal.ts'
import { apiKeyIdInput, newApiKeySchema } from './schemas.ts'

/**
 * Gives a key a new secret; the old one stops working at once, and the actor vouches for the key from now on. It keeps its expiry,
 * unless it has expired: then it gets the default expiry.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const rotateApiKey = verb({
  permission: 'api_key:write',
  input: apiKeyIdInput,
  output: newApiKeySchema,
  audit: 'api_key.rotate',
  notify: ['logins'],
  run: async (ctx, { id }, commit) => {
    const { text, lookup, secretHash } = makeApiKey(ctx.keys)
    const now = ctx.now()
    return commit(async (tx) => {
      const { key: before, owner } = await lockCoveredKey(tx, ctx, id)
      requireGrantable(ctx, before.scopes, owner.role)
      const hasEnded = before.expiresAt !== null && before.expiresAt <= now
      const expiresAt = hasEnded ? toExpiry(ctx, undefined) : before.expiresAt
      requireOutliving(ctx, expiresAt)
      const change = { lookup, secretHash, expiresAt, lastUsedAt: null, lastUsedIp: null, ...vouching(ctx, owner) }
      const was = await toApiKeyWire(tx, ctx, before)
      const after = orNotFound(await updateApiKeyRow(tx, scopeOf(ctx), id, change), 'API key')
      const wire = await toApiKeyWire(tx, ctx, after)
      return recorded(newApiKeySchema.parse({ ...wire, key: text }), { targetId: id, before: was, after: wire })
    })
  },
})
