import { mailboxAddresses } from '@mairust/db/queries/mailbox-address'
import type { JourneyScope } from '@mairust/db/queries/journey'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import type { ServiceContext } from '../../context.ts'
import { mailScope } from '../message/internal.ts'

/**
 * Whose journeys the actor may see. Who sees all mail of the tenant sees all its journeys, and a super_admin those that belong to
 * nobody as well; everyone else those of their own mailboxes and addresses.
 */
export const journeyScope = async (ctx: ServiceContext): Promise<JourneyScope> => {
  const { tenantId, mailboxIds, role } = ctx.actor
  if (mailboxIds !== 'all') {
    const addresses = await mailboxAddresses(ctx.db, mailScope(ctx))
    return { tenantIds: [tenantId], only: { addresses, mailboxIds } }
  }
  const tenantIds = role === 'super_admin' && tenantId !== SYSTEM_TENANT ? [tenantId, SYSTEM_TENANT] : [tenantId]
  return { tenantIds, only: 'all' }
}
