import type { TenantScope } from './scope.ts'
import { and, asc, eq, inArray, isNotNull, lt } from 'drizzle-orm'
import type { BlobStore } from '../blob/blob.ts'
import { type BlobRemoval, removeBlobs } from '../blob/remove.ts'
import type { Changes } from '../changes/changes.ts'
import { mailboxTopic } from '../changes/topics.ts'
import type { Db } from '../client/db.ts'
import { lockMailboxes } from '../dialect/index.ts'
import { unreferencedBlobs } from './blob-holders.ts'
import type { MessageRow } from './message.ts'
import { removeMessages } from './message-removal.ts'

/** Rows removed per transaction, so that no one waits long. */
const BATCH = 500

/** What pruning works on. */
export interface PruneTools extends BlobRemoval {
  db: Db
  blobs: BlobStore
  changes: Changes
}

/**
 * Permanently removes messages that have been in Trash since before a time. Returns how many. Like all pruning here, it stops after
 * the current batch once `signal` is aborted.
 */
export async function pruneTrash(tools: PruneTools, before: Date, signal?: AbortSignal): Promise<number> {
  const { messages } = tools.db.tables
  const due = and(isNotNull(messages.trashedAt), lt(messages.trashedAt, before))
  return removeInBatches(
    tools,
    (db) => db.select().from(messages).where(due).orderBy(asc(messages.trashedAt)).limit(BATCH),
    signal,
  )
}

/** Permanently removes all messages of a mailbox, before the mailbox itself is removed. Returns how many. */
export async function emptyMailbox(tools: PruneTools, scope: TenantScope, mailboxId: string): Promise<number> {
  const { messages } = tools.db.tables
  const mine = and(eq(messages.tenantId, scope.tenantId), eq(messages.mailboxId, mailboxId))
  return removeInBatches(tools, (db) => db.select().from(messages).where(mine).limit(BATCH))
}

async function removeInBatches(
  tools: PruneTools,
  due: (db: Db) => Promise<MessageRow[]>,
  signal?: AbortSignal,
): Promise<number> {
  for (let removed = 0; ;) {
    if (signal?.aborted === true) return removed
    const found = await due(tools.db)
    if (found.length === 0) return removed
    const { count, keys } = await tools.db.transaction(async (tx) => {
      await lockMailboxes(tx, found)
      // Read again under the lock: messages may have been restored or removed meanwhile.
      const rows = await due(tx)
      const locked = new Set(found.map(({ mailboxId }) => mailboxId))
      const still = rows.filter(({ mailboxId }) => locked.has(mailboxId))
      await removeMessages(tx, still)
      await tools.changes.publish(tx, ...still.map(({ tenantId, mailboxId }) => mailboxTopic(tenantId, mailboxId)))
      return {
        count: still.length,
        keys: await unreferencedBlobs(
          tx,
          still.map(({ blobKey }) => blobKey),
        ),
      }
    })
    await removeBlobs(tools, keys)
    removed += count
  }
}

/** Removes journeys that started before a time. Returns how many. */
export async function pruneJourneys(db: Db, before: Date, signal?: AbortSignal): Promise<number> {
  const { journeys } = db.tables
  for (let removed = 0; ;) {
    if (signal?.aborted === true) return removed
    const rows = await db
      .select({ id: journeys.id })
      .from(journeys)
      .where(lt(journeys.startedAt, before))
      .orderBy(asc(journeys.startedAt))
      .limit(BATCH)
    if (rows.length === 0) return removed
    const ids = [...new Set(rows.map(({ id }) => id))].sort()
    // The rows of all tenants started at the same time.
    const gone = await db.delete(journeys).where(inArray(journeys.id, ids)).returning({ id: journeys.id })
    removed += gone.length
  }
}

/** Removes audit entries from before a time. Returns how many. */
export async function pruneAudit(db: Db, before: Date, signal?: AbortSignal): Promise<number> {
  const { auditEntries } = db.tables
  for (let removed = 0; ;) {
    if (signal?.aborted === true) return removed
    const due = db.select({ id: auditEntries.id }).from(auditEntries).where(lt(auditEntries.at, before)).limit(BATCH)
    const gone = await db.delete(auditEntries).where(inArray(auditEntries.id, due)).returning({ id: auditEntries.id })
    if (gone.length === 0) return removed
    removed += gone.length
  }
}

/** Younger blobs may still get their row: a session lasts at most 30 minutes. */
export const ORPHAN_AGE_MS = 45 * 60_000
/** More blobs than this, none with a row, suggest the wrong database rather than crashes. */
const SUSPICIOUS = 100

/**
 * Removes blobs older than 45 minutes that no row references; with `since` only those whose key was created after that hour, which
 * is quick. Returns how many. Throws, and removes nothing, when none of the store's many blobs has a row: then the database is not
 * the store's.
 */
export async function pruneOrphanBlobs(
  tools: Pick<PruneTools, 'db' | 'blobs' | 'log'>,
  { now, since, signal }: { now: Date; since?: Date | undefined; signal?: AbortSignal | undefined },
): Promise<number> {
  const { db, blobs } = tools
  const orphans: string[] = []
  let total = 0
  let keys: string[] = []
  const look = async (): Promise<void> => {
    total += keys.length
    orphans.push(...(await unreferencedBlobs(db, keys)))
    keys = []
  }
  for await (const key of blobs.list(new Date(now.getTime() - ORPHAN_AGE_MS), since)) {
    if (signal?.aborted === true) return 0
    keys.push(key)
    if (keys.length >= BATCH) await look()
  }
  await look()
  if (total > SUSPICIOUS && orphans.length === total) {
    // Hours of an outage look the same; older blobs tell which it is.
    if (since !== undefined) return pruneOrphanBlobs(tools, { now, signal })
    throw new Error(`none of ${total} stored objects has a message; is this the database of this store?`)
  }
  return removeBlobs(tools, orphans, signal)
}
