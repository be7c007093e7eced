import { verb } from '../../verb/index.ts'
import { requireDomain, toDomainWire } from './internal.ts'
import { domainIdInput, domainSchema } from './schemas.ts'

/**
 * One domain.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getDomain = verb({
  permission: 'domain:read',
  input: domainIdInput,
  output: domainSchema,
  run: async (ctx, { id }) => toDomainWire(await requireDomain(ctx.db, ctx, 'domain:read', id)),
})
