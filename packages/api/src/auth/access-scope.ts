import { type TenantScope, tenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import type { ApiKeyRow } from '@mairust/db/queries/api-key'
import { findDomainIds } from '@mairust/db/queries/domain'
import { allBut } from '@mairust/db/queries/id-set'
import { findMailboxIds, findMailboxesOfRoles } from '@mairust/db/queries/mailbox'
import type { UserRow } from '@mairust/db/queries/user'
import { emailDomain, intersectScopes, rolesAbove, type AccessScope } from '../access/index.ts'

/** The scope of a user's role. It never contains mailboxes of users with a higher role. */
export const userScope = async (db: Db, user: UserRow): Promise<AccessScope> => {
  const tenant = tenantScope(user.tenantId)
  if (user.role === 'user') {
    return {
      domainIds: [],
      mailboxIds: await findMailboxIds(db, tenant, { userId: user.id }),
      userDomains: [],
    }
  }
  const above = (await findMailboxesOfRoles(db, tenant, rolesAbove(user.role)))
    .filter(({ ownerId }) => ownerId !== user.id)
    .map(({ id }) => id)
  if (user.role !== 'domain_admin') return { mailboxIds: allBut(above), domainIds: 'all', userDomains: 'all' }
  const domain = emailDomain(user.email)
  const domainIds = await findDomainIds(db, tenant, [domain])
  const mailboxIds = await findMailboxIds(db, tenant, { userId: user.id, domainIds })
  const hidden = new Set(above)
  return { domainIds, mailboxIds: mailboxIds.filter((id) => !hidden.has(id)), userDomains: [domain] }
}

type Narrowing = Pick<ApiKeyRow['scopes'][number], 'domains' | 'mailboxes'>

/** Narrows a scope to domains (names or ids) and mailboxes (addresses or ids). */
export const narrowScope = async (
  db: Db,
  tenant: TenantScope,
  scope: AccessScope,
  { domains = [], mailboxes = [] }: Narrowing,
): Promise<AccessScope> => {
  const domainIds = await findDomainIds(db, tenant, domains)
  // Mailboxes are looked up before the intersection removes domains: a plain user has mailboxes in a domain but not the domain.
  const mailboxIds = await findMailboxIds(db, tenant, { domainIds, addressesOrIds: mailboxes })
  return intersectScopes(scope, { domainIds, mailboxIds, userDomains: [] })
}
