import { tenantScope } from '@mairust/db/queries/scope'
import { findMailboxesOfRoles, findMailboxIds } from '@mairust/db/queries/mailbox'
import { mailboxAddresses } from '@mairust/db/queries/mailbox-address'
import { hasAllIds, hasId, type IdSet, idsOutside, isIdList } from '@mairust/db/queries/id-set'
import type { HiddenOwners, JourneyScope, JourneyViewer } from '@mairust/db/queries/journey'
import { findUserIdsOfRoles } from '@mairust/db/queries/user'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import { accessScope, rolesAbove, type Actor } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'

/**
 * The journeys that the actor may see. An actor who sees all mail of the tenant sees all its journeys; a super_admin also sees those
 * that belong to no tenant. Everyone else sees journeys to their mailboxes, to the addresses of these since they have them, and of mail
 * that they submitted. From administrators, those stay hidden that concern only the mail of higher roles, now or when it came; of those
 * that concern it too, they see the part of the others.
 */
export const journeyScope = async (ctx: ServiceContext): Promise<JourneyScope> => {
  const { tenantId, role } = ctx.actor
  const { mailboxIds } = accessScope(ctx, 'journey:read')
  const only = isIdList(mailboxIds) ? { mailboxIds, sent: sentBy(ctx.actor) } : 'all'
  const isWide = only === 'all' && role === 'super_admin' && tenantId !== SYSTEM_TENANT
  const tenantIds = isWide ? [tenantId, SYSTEM_TENANT] : [tenantId]
  return { tenantIds, only, hidden: await hiddenOwners(ctx, mailboxIds) }
}

/** Those of higher roles; undefined when there are none, and for users with nothing but their own mail. */
const hiddenOwners = async (
  { db, actor: { tenantId, userId, mailOwnerId, role } }: ServiceContext,
  seen: IdSet,
): Promise<HiddenOwners | undefined> => {
  const roles = rolesAbove(role)
  if (roles.length === 0) return undefined
  const tenant = tenantScope(tenantId)
  const own = userId === null ? [] : await findMailboxIds(db, tenant, { userId })
  // A key that lost its maker's role may reach the mail of a maker who had a higher one.
  if (role === 'user' && hasAllIds(own, seen)) return undefined
  const [above, userIds] = await Promise.all([
    findMailboxesOfRoles(db, tenant, roles),
    findUserIdsOfRoles(db, tenant, roles),
  ])
  const hidden = above.map(({ id }) => id)
  const mailboxIds = idsOutside(seen, hidden)
  const addresses = [...(await mailboxAddresses(db, { ...tenant, mailboxIds })).keys()]
  const self = { userId: mailOwnerId, mailboxIds: mailOwnerId === null ? [] : own.filter((id) => hasId(seen, id)) }
  return { mailboxIds, addresses, userIds, roles, self }
}

/** A user sees what they submitted; an administrator everything submitted from the addresses in their scope. */
const sentBy = ({ role, kind, userId }: Actor): JourneyViewer['sent'] => {
  if (role !== 'user' || userId === null) return { byAddress: true }
  return { userId, byAddress: kind !== 'user' }
}
