import { type TenantScope, tenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import type { ApiKeyRow } from '@mairust/db/queries/api-key'
import { findDomainIds } from '@mairust/db/queries/domain'
import { allBut } from '@mairust/db/queries/id-set'
import { findMailboxIds, findMailboxIdsOfRoles } from '@mairust/db/queries/mailbox'
import type { UserRow } from '@mairust/db/queries/user'
import { emailDomain, intersectScopes, rolesAbove, type AccessScope } from '../access/index.ts'

/** What a user's role lets them see. Mailboxes of those above them are never among it. */
export const userScope = async (db: Db, user: UserRow): Promise<AccessScope> => {
  const tenant = tenantScope(user.tenantId)
  if (user.role === 'user') {
    return {
      domainIds: [],
      mailboxIds: await findMailboxIds(db, tenant, { userId: user.id }),
      userDomains: [],
    }
  }
  const above = await findMailboxIdsOfRoles(db, tenant, rolesAbove(user.role), user.id)
  if (user.role !== 'domain_admin') return { mailboxIds: allBut(above), domainIds: 'all', userDomains: 'all' }
  const domain = emailDomain(user.email)
  const domainIds = await findDomainIds(db, tenant, [domain])
  const mailboxIds = await findMailboxIds(db, tenant, { userId: user.id, domainIds })
  const hidden = new Set(above)
  return { domainIds, mailboxIds: mailboxIds.filter((id) => !hidden.has(id)), userDomains: [domain] }
}

type Narrowing = Pick<ApiKeyRow['scopes'][number], 'domains' | 'mailboxes'>

/** What is left of a scope when it is narrowed to domains (names or ids) and mailboxes (addresses or ids). */
export const narrowScope = async (
  db: Db,
  tenant: TenantScope,
  scope: AccessScope,
  { domains = [], mailboxes = [] }: Narrowing,
): Promise<AccessScope> => {
  const domainIds = await findDomainIds(db, tenant, domains)
  // A user administers no domain but has mailboxes in one: mailboxes are looked for before domains are taken away.
  const mailboxIds = await findMailboxIds(db, tenant, { domainIds, addressesOrIds: mailboxes })
  return intersectScopes(scope, { domainIds, mailboxIds, userDomains: [] })
}
