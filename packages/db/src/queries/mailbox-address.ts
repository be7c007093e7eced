import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'
import { inMailboxes, type MailboxScope } from './scope.ts'

/** Since when a mailbox has its address: what came there before was for whoever had it then. */
export const heldSince = (mailboxes: Tables['mailboxes']): SQL<Date> =>
  sql<Date>`coalesce(${mailboxes.addressSince}, ${mailboxes.createdAt})`.mapWith(mailboxes.createdAt)

/** The addresses of the scope's mailboxes, each with the time since when its mailbox has it. */
export async function mailboxAddresses(db: Db, scope: MailboxScope): Promise<Map<string, Date>> {
  const { mailboxes } = db.tables
  const rows = await db
    .select({ address: mailboxes.address, since: heldSince(mailboxes) })
    .from(mailboxes)
    .where(and(eq(mailboxes.tenantId, scope.tenantId), inMailboxes(mailboxes.id, scope)))
  return new Map(rows.map(({ address, since }) => [address, since]))
}

/** The tenant's mailbox with this id or (normalised) address, if it is in the scope; else null. */
export async function findMailboxId(
  db: Db,
  scope: MailboxScope,
  wanted: { id: string } | { address: string },
): Promise<string | null> {
  const { mailboxes } = db.tables
  const rows = await db
    .select({ id: mailboxes.id })
    .from(mailboxes)
    .where(
      and(
        eq(mailboxes.tenantId, scope.tenantId),
        'id' in wanted ? eq(mailboxes.id, wanted.id) : eq(mailboxes.address, wanted.address),
        inMailboxes(mailboxes.id, scope),
      ),
    )
  return rows[0]?.id ?? null
}
