import { tenantScope } from '@mairust/db/queries/scope'
import { findOwners } from '@mairust/db/queries/mailbox'
import { mailboxAddresses } from '@mairust/db/queries/mailbox-address'
import type { JourneyScope, JourneyViewer } from '@mairust/db/queries/journey'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import { accessScope, type Actor } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'

/**
 * The journeys that the actor may see. An actor who sees all mail of the tenant sees all its journeys; a super_admin also sees those
 * that belong to no tenant. An actor who sees all but a few mailboxes sees all journeys but those that concern only these mailboxes; of
 * those with a copy in them, the part of the others. Everyone else sees journeys to their mailboxes, to the addresses of these since
 * they have them, and of mail that they submitted.
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
    return {
      tenantIds: [tenantId],
      only: 'all',
      hidden: { addresses: [...addresses.keys()], mailboxIds: except, userIds },
    }
  }
  return { tenantIds: [tenantId], only: { mailboxIds, sent: sentBy(ctx.actor) } }
}

/** A user sees what they submitted; an administrator everything submitted from the addresses in their scope. */
const sentBy = ({ role, kind, userId }: Actor): JourneyViewer['sent'] => {
  if (role !== 'user' || userId === null) return { byAddress: true }
  return { userId, byAddress: kind !== 'user' }
}
