import { mailboxAddresses } from '@mairust/db/queries/mailbox-address'
import type { JourneyScope, JourneyViewer } from '@mairust/db/queries/journey'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import type { Actor } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { mailScope } from '../message/internal.ts'

/**
 * Whose journeys the actor may see. Who sees all mail of the tenant sees all its journeys, and a super_admin those that belong to
 * nobody as well; everyone else those that came to their mailboxes and addresses, and those that they sent.
 */
export const journeyScope = async (ctx: ServiceContext): Promise<JourneyScope> => {
  const { tenantId, mailboxIds, role } = ctx.actor
  if (mailboxIds !== 'all') {
    const addresses = await mailboxAddresses(ctx.db, mailScope(ctx))
    return { tenantIds: [tenantId], only: { addresses, mailboxIds, sent: sentBy(ctx.actor, addresses) } }
  }
  const tenantIds = role === 'super_admin' && tenantId !== SYSTEM_TENANT ? [tenantId, SYSTEM_TENANT] : [tenantId]
  return { tenantIds, only: 'all' }
}

/** A user sent what they submitted; an administrator answers for all that was submitted from the addresses within reach. */
const sentBy = ({ role, kind, userId }: Actor, addresses: readonly string[]): JourneyViewer['sent'] => {
  if (role !== 'user' || userId === null) return { from: addresses }
  return kind === 'user' ? { userId } : { userId, from: addresses }
}
