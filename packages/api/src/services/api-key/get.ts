import { findApiKey } from '@mairust/db/queries/api-key'
import { scopeOf } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { verb } from '../../verb/index.ts'
import { toApiKeyWire } from './internal.ts'
import { apiKeyIdInput, apiKeySchema } from './schemas.ts'

/**
 * One API key, without its secret.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getApiKey = verb({
  permission: 'api_key:read',
  input: apiKeyIdInput,
  output: apiKeySchema,
  run: async (ctx, { id }) =>
    toApiKeyWire(ctx.db, ctx, orNotFound(await findApiKey(ctx.db, scopeOf(ctx), id), 'API key')),
})
