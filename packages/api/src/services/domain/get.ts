import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { requireDomain, toDomainWire } from './internal.ts'
import { domainIdInput, type DomainWire } from './schemas.ts'

/**
 * One domain.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getDomain = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof domainIdInput>
}): Promise<DomainWire> => {
  requirePermission(ctx, 'domain:read')
  const { id } = parseInput(domainIdInput, input)
  return toDomainWire(await requireDomain(ctx.db, ctx, 'domain:read', id))
}
