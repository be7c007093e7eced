import { and, asc, eq, gte, isNotNull, isNull, lt, notExists, or, sql } from 'drizzle-orm'
import { removeBlobs } from '../blob/remove.ts'
import type { Db } from '../client/db.ts'
import { unreferencedBlobs } from './blob-holders.ts'
import type { PruneTools } from './prune.ts'
import { theseRows } from './scope.ts'

/** Messages in a transaction. */
const BATCH = 200

/** The deliveries of the message of the row that are open, or ended at this time or later. */
function openSince(db: Db, before: Date) {
  const { deliveries: d, outgoing: o } = db.tables
  return db
    .select({ one: sql`1` })
    .from(d)
    .where(and(eq(d.tenantId, o.tenantId), eq(d.outgoingId, o.id), or(isNull(d.endedAt), gte(d.endedAt, before))))
}

/**
 * Lets go of the objects of messages whose deliveries all ended before a time, and removes those that nothing else refers to. Returns
 * how many messages.
 */
export async function releaseSentObjects(tools: PruneTools, before: Date, signal?: AbortSignal): Promise<number> {
  const { outgoing: o } = tools.db.tables
  for (let released = 0; ;) {
    if (signal?.aborted === true) return released
    const keys = await tools.db.transaction(async (tx) => {
      const rows = await tx
        .select({ tenantId: o.tenantId, id: o.id, blobKey: o.blobKey })
        .from(o)
        .where(and(isNotNull(o.blobKey), lt(o.createdAt, before), notExists(openSince(tx, before))))
        .orderBy(asc(o.createdAt))
        .limit(BATCH)
      if (rows.length === 0) return null
      await tx.update(o).set({ blobKey: null }).where(theseRows(o, rows))
      released += rows.length
      return unreferencedBlobs(
        tx,
        rows.flatMap(({ blobKey }) => (blobKey === null ? [] : [blobKey])),
      )
    })
    if (keys === null) return released
    await removeBlobs(tools, keys)
  }
}

/** Removes messages from before a time whose deliveries all ended before it, with their attempts. Returns how many. */
export async function pruneSent(db: Db, before: Date, signal?: AbortSignal): Promise<number> {
  const { outgoing: o } = db.tables
  for (let removed = 0; ;) {
    if (signal?.aborted === true) return removed
    const due = await db
      .select({ tenantId: o.tenantId, id: o.id })
      .from(o)
      .where(and(isNull(o.blobKey), lt(o.createdAt, before), notExists(openSince(db, before))))
      .orderBy(asc(o.createdAt))
      .limit(BATCH)
    if (due.length === 0) return removed
    await db.delete(o).where(theseRows(o, due))
    removed += due.length
  }
}
