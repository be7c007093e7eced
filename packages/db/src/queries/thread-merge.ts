import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Copied } from './accept-types.ts'

/** Groups of threads to be merged. */
export class ThreadGroups {
  readonly #parents = new Map<string, string>()

  /** Merges the groups of these threads into one. */
  join(ids: readonly string[]): void {
    const [first, ...others] = ids
    for (const other of others) {
      const [a, b] = [this.nameOf(first ?? other), this.nameOf(other)]
      if (a !== b) this.#parents.set(b, a)
    }
  }

  /** The thread that represents the group. */
  nameOf(id: string): string {
    let name = id
    for (let up = this.#parents.get(name); up !== undefined; up = this.#parents.get(name)) name = up
    return name
  }

  /** Makes another thread represent the group. */
  rename(id: string): void {
    const old = this.nameOf(id)
    this.#parents.delete(id)
    if (old !== id) this.#parents.set(old, id)
  }

  /** The groups of more than one thread. */
  groups(): string[][] {
    const groups = new Map<string, string[]>()
    for (const id of this.#parents.keys()) {
      const name = this.nameOf(id)
      groups.set(name, [...(groups.get(name) ?? [name]), id])
    }
    return [...groups.values()]
  }
}

/**
 * Merges the stored threads of each group: the one with most messages takes those of the others, which is cheapest. Their mailboxes
 * must be locked.
 *
 * @param fresh threads that are not stored yet.
 * @param members copies and the threads they were found in, which determine each thread's tenant.
 */
export async function mergeThreads(
  tx: Db,
  groups: ThreadGroups,
  fresh: ReadonlySet<string>,
  members: readonly { entry: Copied; id: string }[],
): Promise<void> {
  const tenantOf = new Map(members.map(({ entry, id }) => [groups.nameOf(id), entry.copy.tenantId]))
  for (const ids of groups.groups()) {
    const tenantId = tenantOf.get(groups.nameOf(ids[0] ?? '')) ?? ''
    const stored = await mergeStored(
      tx,
      tenantId,
      ids.filter((id) => !fresh.has(id)),
    )
    if (stored !== null) groups.rename(stored)
  }
}

/** Merges stored threads of one mailbox and returns the remaining one; null when there is none. */
async function mergeStored(tx: Db, tenantId: string, ids: readonly string[]): Promise<string | null> {
  const { threads, messages, awaitedHeaders } = tx.tables
  if (ids.length <= 1) return ids[0] ?? null
  const mine = and(eq(threads.tenantId, tenantId), inArray(threads.id, [...ids]))
  const rows = await tx.select().from(threads).where(mine)
  rows.sort((a, b) => b.messageCount - a.messageCount || (a.id < b.id ? -1 : 1))
  const [kept, ...others] = rows
  if (!kept || others.length === 0) return kept?.id ?? null
  const gone = others.map(({ id }) => id)
  const oldest = rows.reduce((a, b) => (b.id < a.id ? b : a))
  await tx
    .update(messages)
    .set({ threadId: kept.id })
    .where(and(eq(messages.tenantId, tenantId), inArray(messages.threadId, gone)))
  await tx
    .update(awaitedHeaders)
    .set({ threadId: kept.id })
    .where(and(eq(awaitedHeaders.tenantId, tenantId), inArray(awaitedHeaders.threadId, gone)))
  await tx.delete(threads).where(and(eq(threads.tenantId, tenantId), inArray(threads.id, gone)))
  await tx
    .update(threads)
    .set({
      subject: oldest.subject,
      messageCount: sql`${threads.messageCount} + ${others.reduce((sum, { messageCount }) => sum + messageCount, 0)}`,
      lastMessageAt: new Date(Math.max(...rows.map(({ lastMessageAt }) => lastMessageAt.getTime()))),
    })
    .where(and(eq(threads.tenantId, tenantId), eq(threads.id, kept.id)))
  return kept.id
}
