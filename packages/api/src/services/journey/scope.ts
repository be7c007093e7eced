import { tenantScope } from '@mairust/db/queries/scope'
import { findOwners } from '@mairust/db/queries/mailbox'
import { mailboxAddresses } from '@mairust/db/queries/mailbox-address'
import type { JourneyScope, JourneyViewer } from '@mairust/db/queries/journey'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import { accessScope, type Actor } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'

/**
 * Whose journeys the actor may see. Who sees all mail of the tenant sees all its journeys, and a super_admin those that belong to
 * nobody as well; who sees all but a few mailboxes, all but what concerns only those; everyone else those that came to their mailboxes
 * and addresses, and those that they sent.
 */
export const journeyScope = async (ctx: ServiceContext): Promise<JourneyScope> => {
  const { tenantId, role } = ctx.actor
  const { mailboxIds } = accessScope(ctx, 'journey:read')
  if (mailboxIds === 'all') {
    const tenantIds = role === 'super_admin' && tenantId !== SYSTEM_TENANT ? [tenantId, SYSTEM_TENANT] : [tenantId]
    return { tenantIds, only: 'all' }
  }
  if ('except' in mailboxIds) {
    const { except } = mailboxIds
    const addresses = await mailboxAddresses(ctx.db, { ...tenantScope(tenantId), mailboxIds: except })
    const userIds = (await findOwners(ctx.db, tenantScope(tenantId), except)).map(({ id }) => id)
    return { tenantIds: [tenantId], only: 'all', hidden: { addresses, mailboxIds: except, userIds } }
  }
  const addresses = await mailboxAddresses(ctx.db, { ...tenantScope(tenantId), mailboxIds })
  return { tenantIds: [tenantId], only: { addresses, mailboxIds, sent: sentBy(ctx.actor, addresses) } }
}

/** A user sent what they submitted; an administrator answers for all that was submitted from the addresses within reach. */
const sentBy = ({ role, kind, userId }: Actor, addresses: readonly string[]): JourneyViewer['sent'] => {
  if (role !== 'user' || userId === null) return { from: addresses }
  return kind === 'user' ? { userId } : { userId, from: addresses }
}
