import { updateDomainRow, type DomainRow } from '@mairust/db/queries/domain'
import type { DomainStatus } from '@mairust/db/schema'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { invalidField } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { DOMAINS_TOPIC, requireDomain, toDomainName, toDomainWire } from './internal.ts'
import { updateDomainInput, type DomainWire } from './schemas.ts'

/**
 * Activates (`active: true`, needs `domain:activate`) or suspends (`active: false`) a domain. Its name cannot change:
 * addresses hang on it.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR
 */
export const updateDomain = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof updateDomainInput>
}): Promise<DomainWire> => {
  requirePermission(ctx, 'domain:write')
  const { id, name, active } = parseInput(updateDomainInput, input)
  return ctx.db.transaction(async (tx) => {
    const before = await requireDomain(tx, ctx, id)
    if (name !== undefined && toDomainName(name) !== before.name) {
      throw invalidField('name', 'cannot change; add the new domain beside this one')
    }
    const status = nextStatus(before, active)
    if (status === before.status) return toDomainWire(before)
    if (status === 'active') requirePermission(ctx, 'domain:activate')
    const after = { ...before, status, updatedAt: ctx.now() }
    await updateDomainRow(tx, scopeOf(ctx), id, { status, updatedAt: after.updatedAt })
    await writeAudit(tx, ctx, {
      action: 'domain.update',
      targetType: 'domain',
      targetId: id,
      before: toDomainWire(before),
      after: toDomainWire(after),
    })
    await ctx.changes.publish(tx, DOMAINS_TOPIC)
    return toDomainWire(after)
  })
}

/** A pending domain that is not to be active stays pending: it has still to prove itself. */
const nextStatus = (before: DomainRow, active: boolean | undefined): DomainStatus => {
  if (active === undefined) return before.status
  if (active) return 'active'
  return before.status === 'pending' ? 'pending' : 'suspended'
}
