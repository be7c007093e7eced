import { randomBytes } from 'node:crypto'
import { createId, isUniqueViolation } from '@mairust/db'
import { insertDomain } from '@mairust/db/queries/domain'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { requireAliasOf } from './alias-of.ts'
import { DOMAINS_TOPIC, toDomainName, toDomainWire } from './internal.ts'
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
    verifyToken: randomBytes(24).toString('base64url'),
    aliasOfId,
    createdAt: now,
    updatedAt: now,
  }
  return ctx.db
    .transaction(async (tx) => {
      if (aliasOfId !== null) await requireAliasOf(tx, ctx, undefined, aliasOfId)
      const made = await insertDomain(tx, scopeOf(ctx), row)
      const wire = toDomainWire(made)
      await writeAudit(tx, ctx, { action: 'domain.create', targetType: 'domain', targetId: made.id, after: wire })
      await ctx.changes.publish(tx, DOMAINS_TOPIC)
      return wire
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error)) throw new AppError('CONFLICT', 'This domain exists already.', { cause: error })
      throw error
    })
}
