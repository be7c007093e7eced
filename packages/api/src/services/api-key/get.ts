import { findApiKey } from '@mairust/db/queries/api-key'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { toApiKeyWire } from './internal.ts'
import { apiKeyIdInput, type ApiKeyWire } from './schemas.ts'

/**
 * One API key, without its secret.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getApiKey = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof apiKeyIdInput>
}): Promise<ApiKeyWire> => {
  requirePermission(ctx, 'api_key:read')
  const { id } = parseInput(apiKeyIdInput, input)
  return toApiKeyWire(ctx.db, ctx, orNotFound(await findApiKey(ctx.db, scopeOf(ctx), id), 'API key'))
}
