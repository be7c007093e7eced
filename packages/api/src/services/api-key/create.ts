import { createId } from '@mairust/db'
import { countApiKeysOfUser, insertApiKey } from '@mairust/db/queries/api-key'
import { makeApiKey } from '../../auth/api-key.ts'
import { scopeOf } from '../../context.ts'
import { LIMITS } from '../../contract/limits.ts'
import { AppError } from '../../errors.ts'
import { verb, recorded } from '../../verb/index.ts'
import { requireGrantable, requireKeyOwner, toApiKeyWire, toColumns, toExpiry, toScopes, vouching } from './internal.ts'
import { createApiKeyInput, newApiKeySchema } from './schemas.ts'

/**
 * Creates an API key. It never allows more than its creator, or the user it acts for, may do.
 * @returns the key with its text, which cannot be read again
 * @throws AppError FORBIDDEN, VALIDATION_ERROR, CONFLICT when the user has too many
 */
export const createApiKey = verb({
  permission: 'api_key:write',
  input: createApiKeyInput,
  output: newApiKeySchema,
  audit: 'api_key.create',
  run: async (ctx, wanted, commit) => {
    const scopes = toScopes(wanted.scopes)
    const now = ctx.now()
    const expiresAt = toExpiry(ctx, wanted.expires_at)
    const { text, lookup, secretHash } = makeApiKey(ctx.keys)
    return commit(async (tx) => {
      const owner = await requireKeyOwner(tx, ctx, wanted.user_id)
      requireGrantable(ctx, scopes, owner.role)
      if ((await countApiKeysOfUser(tx, scopeOf(ctx), owner.id)) >= LIMITS.apiKeysPerUser) {
        throw new AppError(
          'CONFLICT',
          `A user can have at most ${LIMITS.apiKeysPerUser} API keys. Remove some that are not used.`,
        )
      }
      const row = {
        ...toColumns(wanted),
        name: wanted.name,
        id: createId('key'),
        lookup,
        secretHash,
        scopes,
        userId: owner.id,
        ...vouching(ctx, owner),
        createdAt: now,
        expiresAt,
      }
      const after = await toApiKeyWire(tx, ctx, await insertApiKey(tx, scopeOf(ctx), row))
      const answer = newApiKeySchema.parse({ ...after, key: text })
      return recorded(answer, { targetId: row.id, after })
    })
  },
})
