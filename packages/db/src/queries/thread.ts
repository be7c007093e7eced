import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'
import type { MessageRow } from './message.ts'
import { type MailboxScope, ofMailboxes, own, type TenantScope } from './scope.ts'

/** A conversation as stored. */
export type ThreadRow = Tables['threads']['$inferSelect']

/** The thread with this id in one of the scope's mailboxes, or null. */
export async function findThread(db: Db, scope: MailboxScope, id: string): Promise<ThreadRow | null> {
  const { threads } = db.tables
  const rows = await db
    .select()
    .from(threads)
    .where(ofMailboxes(threads, scope, eq(threads.id, id)))
  return rows[0] ?? null
}

/** The messages of a thread, oldest first; at most `limit`. */
export function messagesOfThread(db: Db, scope: MailboxScope, threadId: string, limit: number): Promise<MessageRow[]> {
  const { messages } = db.tables
  return db
    .select()
    .from(messages)
    .where(ofMailboxes(messages, scope, eq(messages.threadId, threadId)))
    .orderBy(asc(messages.receivedAt), asc(messages.id))
    .limit(limit)
}

/**
 * Recounts the messages of these threads and removes empty threads. Call it in the transaction that removed messages, with their
 * mailboxes locked.
 */
export async function recountThreads(tx: Db, scope: TenantScope, ids: readonly string[]): Promise<void> {
  const { threads, messages } = tx.tables
  for (let start = 0; start < ids.length; start += 500) {
    const part = [...ids.slice(start, start + 500)].sort()
    const mine = and(eq(threads.tenantId, scope.tenantId), inArray(threads.id, part))
    const counts = await tx
      .select({
        id: messages.threadId,
        count: sql<number>`count(*)`.mapWith(Number),
        last: sql<Date>`max(${messages.receivedAt})`.mapWith(messages.receivedAt),
      })
      .from(messages)
      .where(and(eq(messages.tenantId, scope.tenantId), inArray(messages.threadId, part)))
      .groupBy(messages.threadId)
    const alive = new Set(counts.map((row) => row.id))
    const gone = part.filter((id) => !alive.has(id))
    if (gone.length > 0) await tx.delete(threads).where(and(mine, inArray(threads.id, gone)))
    for (const { id, count, last } of counts) {
      await tx
        .update(threads)
        .set({ messageCount: count, lastMessageAt: last })
        .where(own(threads, scope, id))
    }
  }
}
