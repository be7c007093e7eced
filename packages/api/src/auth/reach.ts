import type { Db } from '@mairust/db'
import type { ApiKeyRow } from '@mairust/db/queries/api-key'
import { findDomainIds } from '@mairust/db/queries/domain'
import { findMailboxIds } from '@mairust/db/queries/mailbox'
import type { UserRow } from '@mairust/db/queries/user'
import type { Reach } from '../access/index.ts'

/** What follows the @ of a login name. */
export const emailDomain = (email: string): string => email.slice(email.lastIndexOf('@') + 1)

/** What a user's role lets them see. */
export const reachOf = async (db: Db, user: UserRow): Promise<Reach> => {
  if (user.role === 'super_admin' || user.role === 'tenant_admin') return { mailboxIds: 'all', domainIds: 'all' }
  const domainIds = user.role === 'domain_admin' ? await findDomainIds(db, user, [emailDomain(user.email)]) : []
  return { domainIds, mailboxIds: await findMailboxIds(db, user, { userId: user.id, domainIds }) }
}

/** The reach of a narrowed key, or null when it is not narrowed. The narrowing of one scope holds for the whole key. */
export const narrowedReach = async (db: Db, key: ApiKeyRow, reach: Reach): Promise<Reach | null> => {
  if (!key.scopes.some((scope) => scope.domains !== undefined || scope.mailboxes !== undefined)) return null
  const domainIds = await findDomainIds(
    db,
    key,
    key.scopes.flatMap((scope) => scope.domains ?? []),
  )
  const addressesOrIds = key.scopes.flatMap((scope) => scope.mailboxes ?? [])
  // A user administers no domain but has mailboxes in one: mailboxes are looked for before domains are taken away.
  const mailboxIds = await findMailboxIds(db, key, { domainIds, addressesOrIds })
  return { domainIds: within(domainIds, reach.domainIds), mailboxIds: within(mailboxIds, reach.mailboxIds) }
}

const within = (ids: string[], allowed: 'all' | readonly string[]): string[] =>
  allowed === 'all' ? ids : ids.filter((id) => allowed.includes(id))
