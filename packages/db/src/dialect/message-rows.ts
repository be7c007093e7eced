import { and, asc, inArray, sql } from 'drizzle-orm'
import { type Db, runSql } from '../client/db.ts'
import type { MAILBOX_STATUSES } from '../schema/mailbox.ts'

/**
 * The next `n` positions for new messages, ascending, for use in the same transaction.
 */
export async function nextSeq(tx: Db, n: number): Promise<number[]> {
  if (tx.dialect === 'postgres') {
    const rows = await runSql(tx, sql`select nextval('messages_seq') from generate_series(1, ${n}::int)`)
    return rows.map(([value]) => Number(value)).sort((a, b) => a - b)
  }
  // The write lock is held, so nobody else can take the same.
  const { messages } = tx.tables
  const [row] = await runSql(tx, sql`select coalesce(max(${messages.seq}), 0) from ${messages}`)
  const last = Number(row?.[0] ?? 0)
  return Array.from({ length: n }, (_, at) => last + at + 1)
}

/**
 * What a query finds, locked until the end of the transaction. SQLite has the write lock already. Not `update` on PostgreSQL: that
 * would also wait for everyone who only refers to a row.
 */
export function locked<T>(tx: Db, query: Promise<T> & { for: (strength: 'no key update') => Promise<T> }): Promise<T> {
  return tx.dialect === 'postgres' ? query.for('no key update') : query
}

/** A mailbox as it is under the lock. */
export interface LockedMailbox {
  tenantId: string
  id: string
  status: (typeof MAILBOX_STATUSES)[number]
  usedBytes: number
  quotaBytes: number | null
}

/**
 * Locks mailboxes until the end of the transaction, in the order of their ids so that two transactions never wait for each
 * other, and gives what they hold. Whoever changes the folders, threads or messages of several mailboxes locks them first.
 * Those that do not exist are left out.
 */
export async function lockMailboxes(
  tx: Db,
  keys: readonly { tenantId: string; mailboxId: string }[],
): Promise<LockedMailbox[]> {
  if (keys.length === 0) return []
  const { mailboxes } = tx.tables
  const wanted = new Set(keys.map(({ tenantId, mailboxId }) => `${tenantId} ${mailboxId}`))
  const query = tx
    .select({
      tenantId: mailboxes.tenantId,
      id: mailboxes.id,
      status: mailboxes.status,
      usedBytes: mailboxes.usedBytes,
      quotaBytes: mailboxes.quotaBytes,
    })
    .from(mailboxes)
    .where(
      and(
        inArray(mailboxes.tenantId, [...new Set(keys.map(({ tenantId }) => tenantId))]),
        inArray(mailboxes.id, [...new Set(keys.map(({ mailboxId }) => mailboxId))]),
      ),
    )
    .orderBy(asc(mailboxes.id))
  const rows = await locked(tx, query)
  return rows.filter(({ tenantId, id }) => wanted.has(`${tenantId} ${id}`))
}
