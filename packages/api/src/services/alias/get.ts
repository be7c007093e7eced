import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { requireAlias, toAliasWire } from './internal.ts'
import { aliasIdInput, type AliasWire } from './schemas.ts'

/**
 * One alias.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getAlias = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof aliasIdInput>
}): Promise<AliasWire> => {
  requirePermission(ctx, 'alias:read')
  const { id } = parseInput(aliasIdInput, input)
  return toAliasWire(await requireAlias(ctx.db, ctx, 'alias:read', id))
}
