import { tenantScope } from './scope.ts'
import type { TenantScope } from './scope.ts'
import { type AddressKey, addressKey } from '@mairust/mail-core/address'
import {
  type AddressFacts,
  type AliasFacts,
  type Directory,
  type DomainFacts,
  type MailboxFacts,
  mailboxesBehind,
  openDirectory,
  type Reached,
} from '@mairust/mail-core/inbound'
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Role } from '../names.ts'
import type { AliasRow } from './alias.ts'
import type { MailboxRow } from './mailbox.ts'

/**
 * The domain with this name (lower-case A-labels) of any tenant, pending ones last; or null. Takes no tenant: the lookup determines
 * the recipient's.
 */
export async function findDomainFacts(db: Db, name: string): Promise<DomainFacts | null> {
  const { domains: d } = db.tables
  const rows = await db
    .select({ id: d.id, tenantId: d.tenantId, name: d.name, status: d.status, aliasOfId: d.aliasOfId, dmarc: d.dmarc })
    .from(d)
    .where(eq(d.name, name))
    .orderBy(sql`case when ${d.status} = 'pending' then 1 else 0 end`, asc(d.createdAt), asc(d.id))
    .limit(1)
  const [found] = rows
  if (found === undefined) return null
  const { aliasOfId, ...facts } = found
  if (aliasOfId === null) return facts
  const [canonical] = await db
    .select({ name: d.name, dmarc: d.dmarc })
    .from(d)
    .where(and(eq(d.tenantId, facts.tenantId), eq(d.id, aliasOfId)))
  return canonical === undefined ? facts : { ...facts, aliasOf: canonical.name, dmarc: facts.dmarc ?? canonical.dmarc }
}

/**
 * The tenant's mailbox or else alias with a normalised address (or the catch-all `*@domain`); else null. The tenant must be the
 * domain's.
 */
export async function findAddressFacts(db: Db, scope: TenantScope, address: AddressKey): Promise<AddressFacts | null> {
  const { mailboxes, aliases, users } = db.tables
  const [found] = await db
    .select({ mailbox: mailboxes, ownerRole: users.role })
    .from(mailboxes)
    .leftJoin(users, and(eq(users.tenantId, mailboxes.tenantId), eq(users.id, mailboxes.userId)))
    .where(and(eq(mailboxes.tenantId, scope.tenantId), eq(mailboxes.address, address)))
  if (found !== undefined) return { kind: 'mailbox', mailbox: mailboxFacts(found) }
  const [alias] = await db
    .select()
    .from(aliases)
    .where(and(eq(aliases.tenantId, scope.tenantId), eq(aliases.address, address)))
  return alias === undefined ? null : { kind: 'alias', alias: aliasFacts(alias) }
}

/** The mailbox of the tenant's oldest administrator with an active one, not suspended; or null. */
export async function findPostmaster(db: Db, tenantId: string): Promise<MailboxFacts | null> {
  const { mailboxes: m, users: u } = db.tables
  const rows = await db
    .select({ mailbox: m, ownerRole: u.role })
    .from(m)
    .innerJoin(u, and(eq(u.tenantId, m.tenantId), eq(u.id, m.userId)))
    .where(
      and(
        eq(m.tenantId, tenantId),
        inArray(u.role, ['tenant_admin', 'super_admin']),
        eq(u.suspended, false),
        eq(m.status, 'active'),
      ),
    )
    .orderBy(asc(u.createdAt), asc(u.id), asc(m.createdAt), asc(m.id))
    .limit(1)
  return rows[0] === undefined ? null : mailboxFacts(rows[0])
}

/** The tenant of the first super_admin, or null before setup. */
export async function findDefaultTenant(db: Db): Promise<string | null> {
  const { users } = db.tables
  const rows = await db
    .select({ tenantId: users.tenantId })
    .from(users)
    .where(eq(users.role, 'super_admin'))
    .orderBy(asc(users.createdAt), asc(users.id))
    .limit(1)
  return rows[0]?.tenantId ?? null
}

/** Whether there is any domain. */
async function hasDomains(db: Db): Promise<boolean> {
  const { domains } = db.tables
  return (await db.select({ id: domains.id }).from(domains).limit(1)).length > 0
}

/** The directory for resolving recipients, read from the database. */
export function databaseDirectory(db: Db): Directory {
  return {
    domain: (name) => findDomainFacts(db, name),
    hasDomains: () => hasDomains(db),
    address: (tenantId, key) => findAddressFacts(db, tenantScope(tenantId), key),
    postmaster: (tenantId) => findPostmaster(db, tenantId),
    defaultTenant: () => findDefaultTenant(db),
  }
}

/** The domain of a hypothetical alias: no address can be in it. */
const NOWHERE = 'no domain'

/**
 * The mailboxes that an alias with these targets leads to, through any number of others: including those that accept no mail now
 * because they are full, suspended, or behind a disabled alias.
 */
export async function mailboxesReachedBy(db: Db, tenantId: string, targets: readonly string[]): Promise<Reached> {
  const stored = openDirectory(databaseDirectory(db))
  const path = { localPart: 'alias', domain: NOWHERE, literal: false }
  const alias = { id: '', tenantId, address: addressKey(path), targets, enabled: true, maySendAs: false }
  return mailboxesBehind(path, tenantId, {
    domain: (name) =>
      name === NOWHERE ? Promise.resolve({ id: '', tenantId, name, status: 'active' }) : stored.domain(name),
    address: (tenant, key) =>
      key === alias.address ? Promise.resolve({ kind: 'alias', alias }) : stored.address(tenant, key),
    hasDomains: () => Promise.resolve(true),
    postmaster: () => Promise.resolve(null),
    defaultTenant: () => Promise.resolve(null),
  })
}

const mailboxFacts = ({ mailbox, ownerRole }: { mailbox: MailboxRow; ownerRole: Role | null }): MailboxFacts => ({
  id: mailbox.id,
  tenantId: mailbox.tenantId,
  address: mailbox.address,
  suspended: mailbox.status !== 'active',
  quotaBytes: mailbox.quotaBytes,
  usedBytes: mailbox.usedBytes,
  ownerRole,
})

const aliasFacts = ({ id, tenantId, address, targets, enabled, maySendAs }: AliasRow): AliasFacts => ({
  id,
  tenantId,
  address,
  targets,
  enabled,
  maySendAs,
})
