import { isUniqueViolation } from '@mairust/db'
import { updateAliasRow, type AliasRow } from '@mairust/db/queries/alias'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import {
  ADDRESSES_TOPIC,
  addressTaken,
  requireFreeAddress,
  requireOwnDomainId,
  toOwnAddress,
} from '../address/index.ts'
import { requireAlias, toAliasWire, toTargets } from './internal.ts'
import { updateAliasInput, type AliasWire } from './schemas.ts'

/**
 * Changes an alias.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT when the address is taken
 */
export const updateAlias = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof updateAliasInput>
}): Promise<AliasWire> => {
  requirePermission(ctx, 'alias:write')
  const wanted = parseInput(updateAliasInput, input)
  const own = wanted.address === undefined ? undefined : toOwnAddress(wanted.address, 'address', true)
  return ctx.db
    .transaction(async (tx) => {
      const before = await requireAlias(tx, ctx, wanted.id)
      const address = own?.address ?? before.address
      const after: AliasRow = {
        ...before,
        address,
        domainId: own === undefined ? before.domainId : await requireOwnDomainId(tx, ctx, own),
        targets: toTargets(wanted.targets ?? before.targets, address),
        enabled: wanted.enabled ?? before.enabled,
        updatedAt: ctx.now(),
      }
      if (own !== undefined) await requireFreeAddress(tx, ctx, address, before.id)
      await updateAliasRow(tx, scopeOf(ctx), before.id, after)
      await writeAudit(tx, ctx, {
        action: 'alias.update',
        targetType: 'alias',
        targetId: before.id,
        before: toAliasWire(before),
        after: toAliasWire(after),
      })
      await ctx.changes.publish(tx, ADDRESSES_TOPIC)
      return toAliasWire(after)
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? addressTaken(error) : error
    })
}
