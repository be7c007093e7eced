import { and, asc, inArray, sql } from 'drizzle-orm'
import { type Db, runSql } from '../client/db.ts'
import { inPortions } from './portions.ts'
import type { MAILBOX_STATUSES } from '../schema/mailbox.ts'

/** The next `n` positions for new messages, ascending; use them in the same transaction. */
export async function nextSeq(tx: Db, n: number): Promise<number[]> {
  if (tx.dialect === 'postgres') {
    const rows = await runSql(tx, sql`select nextval('messages_seq') from generate_series(1, ${n}::int)`)
    return rows.map(([value]) => Number(value)).sort((a, b) => a - b)
  }
  // The write lock is held, so no one else can take the same positions.
  const { messages } = tx.tables
  const [row] = await runSql(tx, sql`select coalesce(max(${messages.seq}), 0) from ${messages}`)
  const last = Number(row?.[0] ?? 0)
  return Array.from({ length: n }, (_, at) => last + at + 1)
}

/**
 * Locks what a query finds until the end of the transaction; on SQLite the write lock suffices. A plain `for update` on PostgreSQL
 * would also wait for transactions that only reference a row.
 */
export function locked<T>(tx: Db, query: Promise<T> & { for: (strength: 'no key update') => Promise<T> }): Promise<T> {
  return tx.dialect === 'postgres' ? query.for('no key update') : query
}

/** Locks those of the rows that nobody else has locked, and leaves the others out; on SQLite the write lock suffices. */
export function lockedFree<T>(
  tx: Db,
  query: Promise<T> & { for: (strength: 'no key update', how: { skipLocked: true }) => Promise<T> },
): Promise<T> {
  return tx.dialect === 'postgres' ? query.for('no key update', { skipLocked: true }) : query
}

/** A mailbox as read under the lock. */
export interface LockedMailbox {
  tenantId: string
  id: string
  status: (typeof MAILBOX_STATUSES)[number]
  usedBytes: number
  quotaBytes: number | null
}

/**
 * Locks mailboxes until the end of the transaction and returns them, in order of id so that transactions cannot deadlock. Lock them
 * before changing folders, threads or messages of several mailboxes. Leaves out those that do not exist.
 */
export async function lockMailboxes(
  tx: Db,
  keys: readonly { tenantId: string; mailboxId: string }[],
): Promise<LockedMailbox[]> {
  const wanted = new Set(keys.map(({ tenantId, mailboxId }) => `${tenantId} ${mailboxId}`))
  const tenantIds = [...new Set(keys.map(({ tenantId }) => tenantId))]
  const found: LockedMailbox[] = []
  for (const ids of inPortions([...new Set(keys.map(({ mailboxId }) => mailboxId))].sort()))
    found.push(...(await lockPortion(tx, tenantIds, ids)))
  return found.filter(({ tenantId, id }) => wanted.has(`${tenantId} ${id}`))
}

function lockPortion(tx: Db, tenantIds: string[], mailboxIds: string[]): Promise<LockedMailbox[]> {
  const { mailboxes } = tx.tables
  const query = tx
    .select({
      tenantId: mailboxes.tenantId,
      id: mailboxes.id,
      status: mailboxes.status,
      usedBytes: mailboxes.usedBytes,
      quotaBytes: mailboxes.quotaBytes,
    })
    .from(mailboxes)
    .where(and(inArray(mailboxes.tenantId, tenantIds), inArray(mailboxes.id, mailboxIds)))
    .orderBy(asc(mailboxes.id))
  return locked(tx, query)
}
