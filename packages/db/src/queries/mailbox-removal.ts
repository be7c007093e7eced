import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { deleteMessages, lockMailbox } from './message-change.ts'

/**
 * Removes up to `limit` messages of a mailbox, with what the search knows of them. Counts and quota are left as they are:
 * the mailbox goes too. Returns how many were removed.
 */
export async function removeMailOfMailbox(
  tx: Db,
  scope: { tenantId: string },
  mailboxId: string,
  limit: number,
): Promise<number> {
  await lockMailbox(tx, scope, mailboxId)
  const { messages } = tx.tables
  const rows = await tx
    .select()
    .from(messages)
    .where(and(eq(messages.tenantId, scope.tenantId), eq(messages.mailboxId, mailboxId)))
    .orderBy(asc(messages.seq))
    .limit(limit)
  await deleteMessages(tx, scope, rows)
  return rows.length
}
