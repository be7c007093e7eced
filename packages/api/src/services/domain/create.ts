import { createId, tenantTopic } from '@mairust/db'
import { insertDomain } from '@mairust/db/queries/domain'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { lockDomains, requireAliasOf } from './alias-of.ts'
import { domainTaken, newVerifyToken, toDomainName, toDomainWire } from './internal.ts'
import { createDomainInput, type DomainWire } from './schemas.ts'

/**
 * Adds a domain, `pending` until its ownership is proved. `active: true` skips the proof and needs `domain:activate`.
 * With `alias_of_id` its addresses are those of that domain.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR, CONFLICT when some tenant has the name already
 */
export const createDomain = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof createDomainInput>
}): Promise<DomainWire> => {
  requirePermission(ctx, 'domain:write')
  const { name, active, alias_of_id: aliasOfId = null } = parseInput(createDomainInput, input)
  if (active === true) requirePermission(ctx, 'domain:activate')
  const now = ctx.now()
  const row = {
    id: createId('dom'),
    name: toDomainName(name),
    status: active === true ? ('active' as const) : ('pending' as const),
    verifyToken: newVerifyToken(),
    aliasOfId,
    createdAt: now,
    updatedAt: now,
  }
  return ctx.db
    .transaction(async (tx) => {
      if (aliasOfId !== null) {
        const target = (await lockDomains(tx, ctx, [aliasOfId])).get(aliasOfId)
        await requireAliasOf(tx, ctx, target, undefined)
      }
      const made = await insertDomain(tx, scopeOf(ctx), row)
      const wire = toDomainWire(made)
      await writeAudit(tx, ctx, { action: 'domain.create', targetType: 'domain', targetId: made.id, after: wire })
      await ctx.changes.publish(tx, tenantTopic('domains', ctx.actor.tenantId))
      return wire
    })
    .catch(domainTaken)
}
