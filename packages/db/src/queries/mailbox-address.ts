import { and, eq } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { inMailboxes, type MailboxScope } from './scope.ts'

/** The addresses of the scope's mailboxes. */
export async function mailboxAddresses(db: Db, scope: MailboxScope): Promise<string[]> {
  const { mailboxes } = db.tables
  const rows = await db
    .select({ address: mailboxes.address })
    .from(mailboxes)
    .where(and(eq(mailboxes.tenantId, scope.tenantId), inMailboxes(mailboxes.id, scope)))
  return rows.map((row) => row.address)
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
