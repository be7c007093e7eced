import { createId, tenantTopic } from '@mairust/db'
import { insertAlias } from '@mairust/db/queries/alias'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { addressTaken, requireFreeAddress, requireOwnDomainId, toOwnAddress } from '../address/index.ts'
import { requireCoveredTargets, toAliasWire, toTargets } from './internal.ts'
import { createAliasInput, type AliasWire } from './schemas.ts'

/**
 * Adds an alias. `*@domain` catches what nothing else of the domain takes.
 * @throws AppError FORBIDDEN also when a target leads to somebody whose role is above the actor's, VALIDATION_ERROR, CONFLICT when the address is taken
 */
export const createAlias = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof createAliasInput>
}): Promise<AliasWire> => {
  requirePermission(ctx, 'alias:write')
  const { address, targets, enabled = true, may_send_as: maySendAs = false } = parseInput(createAliasInput, input)
  const own = toOwnAddress(address, 'address', true)
  const now = ctx.now()
  const row = {
    id: createId('als'),
    address: own.address,
    targets: toTargets(targets, own.address),
    enabled,
    maySendAs,
    createdAt: now,
    updatedAt: now,
  }
  return ctx.db
    .transaction(async (tx) => {
      const domainId = await requireOwnDomainId(tx, ctx, 'alias:write', own)
      await requireCoveredTargets(tx, ctx, row.targets)
      await requireFreeAddress(tx, ctx, own.address, row.id)
      const wire = toAliasWire(await insertAlias(tx, scopeOf(ctx), { ...row, domainId }))
      await writeAudit(tx, ctx, { action: 'alias.create', targetType: 'alias', targetId: row.id, after: wire })
      await ctx.changes.publish(tx, tenantTopic('addresses', ctx.actor.tenantId))
      return wire
    })
    .catch(addressTaken)
}
