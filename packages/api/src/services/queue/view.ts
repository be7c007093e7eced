import type { DeliveryView } from '@mairust/db/queries/delivery-view'
import { hasAllIds, isIdList } from '@mairust/db/queries/id-set'
import { findMailboxIds } from '@mairust/db/queries/mailbox'
import { findUserIdsOfRoles } from '@mairust/db/queries/user'
import { accessScope, rolesAbove } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'

type QueuePermission = 'queue:read' | 'queue:write' | 'queue:manage'

/**
 * The deliveries for which the actor has the permission. Users have what they submitted themselves, administrators what was sent from
 * the addresses in their scope, or all of the tenant. From nobody's mail of a higher role anything is seen.
 */
export const deliveryView = async (ctx: ServiceContext, permission: QueuePermission): Promise<DeliveryView> => {
  const { role, userId, mailOwnerId: self } = ctx.actor
  const tenant = scopeOf(ctx)
  const { mailboxIds, domainIds } = accessScope(ctx, permission)
  const roles = rolesAbove(role)
  const hidden = roles.length === 0 ? undefined : { roles, userIds: await findUserIdsOfRoles(ctx.db, tenant, roles) }
  const sentAs = isIdList(mailboxIds) ? { mailboxIds, domainIds } : undefined
  if (role !== 'user' || userId === null) return { ...tenant, sentAs, hidden, self }
  // A key for some of the user's mailboxes is for no other address.
  const isNarrowed = !hasAllIds(mailboxIds, await findMailboxIds(ctx.db, tenant, { userId }))
  return { ...tenant, userId, sentAs: isNarrowed ? sentAs : undefined, hidden, self }
}
