import { tenantScope } from '@mairust/db/queries/scope'
import { findMailboxIds } from '@mairust/db/queries/mailbox'
import { mailboxAddresses } from '@mairust/db/queries/mailbox-address'
import { isIdList } from '@mairust/db/queries/id-set'
import type { HiddenOwners, JourneyScope, JourneyViewer } from '@mairust/db/queries/journey'
import { findUserIdsOfRoles } from '@mairust/db/queries/user'
import { type Role, SYSTEM_TENANT } from '@mairust/db/schema'
import { accessScope, rolesAbove, type Actor } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'

/**
 * The journeys that the actor may see. An actor who sees all mail of the tenant sees all its journeys; a super_admin also sees those
 * that belong to no tenant. Those whose tenant has higher roles see all journeys but those that concern only the mail of these, now or
 * when it came; of those that concern it too, the part of the others. Everyone else sees journeys to their mailboxes, to the addresses of these since
 * they have them, and of mail that they submitted.
 */
export const journeyScope = async (ctx: ServiceContext): Promise<JourneyScope> => {
  const { tenantId, role } = ctx.actor
  const { mailboxIds } = accessScope(ctx, 'journey:read')
  if (isIdList(mailboxIds)) return { tenantIds: [tenantId], only: { mailboxIds, sent: sentBy(ctx.actor) } }
  const roles = rolesAbove(role)
  if (roles.length > 0) {
    const hidden = await hiddenOwners(ctx, roles, mailboxIds === 'all' ? [] : mailboxIds.except)
    return { tenantIds: [tenantId], only: 'all', hidden }
  }
  return { tenantIds: tenantId === SYSTEM_TENANT ? [tenantId] : [tenantId, SYSTEM_TENANT], only: 'all' }
}

const hiddenOwners = async (
  { db, actor: { tenantId, userId } }: ServiceContext,
  roles: readonly Role[],
  mailboxIds: readonly string[],
): Promise<HiddenOwners> => {
  const tenant = tenantScope(tenantId)
  const [addresses, userIds, own] = await Promise.all([
    mailboxAddresses(db, { ...tenant, mailboxIds }),
    findUserIdsOfRoles(db, tenant, roles),
    userId === null ? [] : findMailboxIds(db, tenant, { userId }),
  ])
  return { mailboxIds, addresses: [...addresses.keys()], userIds, roles, self: { userId, mailboxIds: own } }
}

/** A user sees what they submitted; an administrator everything submitted from the addresses in their scope. */
const sentBy = ({ role, kind, userId }: Actor): JourneyViewer['sent'] => {
  if (role !== 'user' || userId === null) return { byAddress: true }
  return { userId, byAddress: kind !== 'user' }
}
