import { deleteApiKeyRow } from '@mairust/db/queries/api-key'
import { scopeOf } from '../../context.ts'
import { verb, removed } from '../../verb/index.ts'
import { removalSchema } from '../../wire/index.ts'
import { lockCoveredKey, toApiKeyWire } from './internal.ts'
import { apiKeyIdInput } from './schemas.ts'

/**
 * Revokes a key at once.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const removeApiKey = verb({
  permission: 'api_key:write',
  input: apiKeyIdInput,
  output: removalSchema,
  audit: 'api_key.delete',
  notify: ['logins'],
  run: (ctx, { id }, commit) =>
    commit(async (tx) => {
      const { key } = await lockCoveredKey(tx, ctx, id)
      const before = await toApiKeyWire(tx, ctx, key)
      await deleteApiKeyRow(tx, scopeOf(ctx), id)
      return removed(before)
    }),
})
