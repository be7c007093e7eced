import type { Db } from '@mairust/db'
import type { DeliveryPause, PauseKey } from '@mairust/db/queries/delivery-pause'
import { isIdList } from '@mairust/db/queries/id-set'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import { normaliseAddress } from '@mairust/mail-core/address'
import type { z } from 'zod'
import { accessScope, requirePermission, scopeHoldsUser } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'
import { wireTime } from '../../wire/index.ts'
import { requireCoveredTargets } from '../alias/internal.ts'
import type { pauseInput, PauseWire } from './control-schemas.ts'

/** The one place where a pause becomes its wire form. Whoever paused the mail of others is not told to their administrators. */
export const toPauseWire = ({ actor }: ServiceContext, row: DeliveryPause): PauseWire => ({
  scope: row.scope,
  value: row.value === '' ? null : row.value,
  by: row.tenantId === actor.tenantId || actor.permissions.has('queue:operate') ? row.by : null,
  created_at: wireTime(row.createdAt),
})

/** Whether the actor has pauses to do with mail of the whole tenant. */
export const managesTenant = (ctx: ServiceContext): boolean => !isIdList(accessScope(ctx, 'queue:manage').mailboxIds)

/**
 * What the actor wants to pause or resume.
 * @throws AppError FORBIDDEN, also for the sender's address of a higher role, VALIDATION_ERROR
 */
export const requirePausable = async (
  tx: Db,
  ctx: ServiceContext,
  { scope, value }: z.output<typeof pauseInput>,
): Promise<PauseKey> => {
  const { tenantId } = ctx.actor
  switch (scope) {
    case 'all':
      requirePermission(ctx, 'queue:operate')
      if (value !== undefined) throw invalidField('value', 'must be left out for all mail')
      return { scope, tenantId: SYSTEM_TENANT, value: '' }
    case 'site':
      requirePermission(ctx, 'queue:operate')
      if (value === undefined) throw invalidField('value', 'must be the site')
      return { scope, tenantId: SYSTEM_TENANT, value }
    case 'tenant':
      if (!managesTenant(ctx))
        throw new AppError('FORBIDDEN', 'Only administrators of the tenant pause all of its mail.')
      if (value !== undefined && value !== tenantId) throw invalidField('value', 'must be the id of your tenant')
      return { scope, tenantId, value: tenantId }
    case 'sender':
      return { scope, tenantId, value: await requireSender(tx, ctx, value) }
  }
}

const requireSender = async (tx: Db, ctx: ServiceContext, value: string | undefined): Promise<string> => {
  const address = value === undefined ? null : normaliseAddress(value)
  if (address === null) throw invalidField('value', 'must be the address of the sender')
  if (!managesTenant(ctx) && !scopeHoldsUser(accessScope(ctx, 'queue:manage'), address))
    throw invalidField('value', 'must be an address in your domain')
  await requireCoveredTargets(tx, ctx, [address])
  return address
}
