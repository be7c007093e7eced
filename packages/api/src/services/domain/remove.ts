import { isForeignKeyViolation } from '@mairust/db'
import { deleteDomainRow } from '@mairust/db/queries/domain'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { DOMAINS_TOPIC, requireDomain, toDomainWire } from './internal.ts'
import { domainIdInput } from './schemas.ts'

/**
 * Removes a domain and its aliases. A domain with mailboxes is kept: their mail would go with it.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT
 */
export const removeDomain = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof domainIdInput>
}): Promise<void> => {
  requirePermission(ctx, 'domain:write')
  const { id } = parseInput(domainIdInput, input)
  await ctx.db
    .transaction(async (tx) => {
      const before = await requireDomain(tx, ctx, id)
      await writeAudit(tx, ctx, {
        action: 'domain.delete',
        targetType: 'domain',
        targetId: id,
        before: toDomainWire(before),
      })
      await deleteDomainRow(tx, scopeOf(ctx), id)
      await ctx.changes.publish(tx, DOMAINS_TOPIC)
    })
    .catch((error: unknown) => {
      if (!isForeignKeyViolation(error)) throw error
      throw new AppError(
        'CONFLICT',
        'This domain still has mailboxes, or domains that stand for it. Remove them first.',
        { cause: error },
      )
    })
}
