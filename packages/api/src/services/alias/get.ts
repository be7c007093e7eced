import { verb } from '../../verb/index.ts'
import { requireAlias, toAliasWire } from './internal.ts'
import { aliasIdInput, aliasSchema } from './schemas.ts'

/**
 * One alias.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getAlias = verb({
  permission: 'alias:read',
  input: aliasIdInput,
  output: aliasSchema,
  run: async (ctx, { id }) => toAliasWire(await requireAlias(ctx.db, ctx, 'alias:read', id)),
})
