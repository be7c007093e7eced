import type { AddressFacts, AliasFacts, Directory, DomainFacts, MailboxFacts } from '@mairust/mail-core/inbound'
import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { AliasRow } from './alias.ts'
import type { MailboxRow } from './mailbox.ts'

/** The domain of this name (lower-case A-labels), whoever's it is, or null. Free of tenant: the recipient's is what it finds out. */
export async function findDomainFacts(db: Db, name: string): Promise<DomainFacts | null> {
  const { domains: d } = db.tables
  const rows = await db
    .select({ id: d.id, tenantId: d.tenantId, name: d.name, status: d.status, aliasOfId: d.aliasOfId })
    .from(d)
    .where(eq(d.name, name))
  const [found] = rows
  if (found === undefined) return null
  const { aliasOfId, ...facts } = found
  if (aliasOfId === null) return facts
  const [canonical] = await db
    .select({ name: d.name })
    .from(d)
    .where(and(eq(d.tenantId, facts.tenantId), eq(d.id, aliasOfId)))
  return canonical === undefined ? facts : { ...facts, aliasOf: canonical.name }
}

/**
 * Who answers to a normalised address (or the catch-all `*@domain`), whoever's it is: a mailbox before an alias; else null. Free of
 * tenant like `findDomainFacts`.
 */
export async function findAddressFacts(db: Db, address: string): Promise<AddressFacts | null> {
  const { mailboxes, aliases } = db.tables
  const [mailbox] = await db.select().from(mailboxes).where(eq(mailboxes.address, address))
  if (mailbox !== undefined) return { kind: 'mailbox', mailbox: mailboxFacts(mailbox) }
  const [alias] = await db.select().from(aliases).where(eq(aliases.address, address))
  return alias === undefined ? null : { kind: 'alias', alias: aliasFacts(alias) }
}

/** The mailbox of the tenant's oldest administrator who has one and is not suspended, or null. */
export async function findPostmaster(db: Db, tenantId: string): Promise<MailboxFacts | null> {
  const { mailboxes: m, users: u } = db.tables
  const rows = await db
    .select({ mailbox: m })
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
  return rows[0] === undefined ? null : mailboxFacts(rows[0].mailbox)
}

/** The tenant of the first super_admin, or null before the setup. */
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

/** What resolving a recipient asks, answered by the database. */
export function databaseDirectory(db: Db): Directory {
  return {
    domain: (name) => findDomainFacts(db, name),
    address: async (tenantId, key) => {
      const facts = await findAddressFacts(db, key)
      return facts !== null && tenantOf(facts) === tenantId ? facts : null
    },
    postmaster: (tenantId) => findPostmaster(db, tenantId),
    defaultTenant: () => findDefaultTenant(db),
  }
}

const tenantOf = (facts: AddressFacts): string =>
  facts.kind === 'mailbox' ? facts.mailbox.tenantId : facts.alias.tenantId

const mailboxFacts = ({ id, tenantId, address, status, quotaBytes, usedBytes }: MailboxRow): MailboxFacts => ({
  id,
  tenantId,
  address,
  suspended: status === 'suspended',
  quotaBytes,
  usedBytes,
})

const aliasFacts = ({ id, tenantId, address, targets, enabled }: AliasRow): AliasFacts => ({
  id,
  tenantId,
  address,
  targets,
  enabled,
})
