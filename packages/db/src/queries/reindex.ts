import { tenantScope } from './scope.ts'
import { HOSTILE_VERSION, INDEX_VERSION, type MessageIndex } from '@mairust/mail-core/message'
import { and, asc, desc, eq, gt, gte, inArray, type SQL, sql } from 'drizzle-orm'
import type { Changes } from '../changes/changes.ts'
import { mailboxTopic, type Topic } from '../changes/topics.ts'
import type { Db } from '../client/db.ts'
import { deleteSearch, insertSearch, lockMailboxes } from '../dialect/index.ts'
import { IS_OUTDATED } from '../schema/message.ts'
import { indexedColumns } from './indexed-columns.ts'
import type { MessageRow } from './message.ts'
import { own } from './scope.ts'

/** A message whose index is outdated or makeshift. */
export type OutdatedMessage = Pick<MessageRow, 'tenantId' | 'id' | 'seq' | 'mailboxId' | 'blobKey' | 'sha256'>

/** Limits a query to one mailbox; without it, a query covers all mailboxes of all tenants. */
export type OneMailbox = { tenantId: string; mailboxId: string }

/** The new index of a message; null if its object could not be read: then only the version of its index changes. */
export interface RenewedIndex {
  message: OutdatedMessage
  index: MessageIndex | null
}

/** How many messages to mark in one transaction. */
const BATCH = 500

function outdated(db: Db, mailbox: OneMailbox | undefined, ...more: (SQL | undefined)[]): SQL | undefined {
  return and(sql.raw(IS_OUTDATED), ofMailbox(db, mailbox), ...more)
}

function ofMailbox({ tables: { messages } }: Db, mailbox: OneMailbox | undefined): SQL | undefined {
  return mailbox && and(eq(messages.tenantId, mailbox.tenantId), eq(messages.mailboxId, mailbox.mailboxId))
}

/** How many messages have an outdated index. */
export function countOutdated(db: Db, mailbox?: OneMailbox): Promise<number> {
  return db.$count(db.tables.messages, outdated(db, mailbox))
}

/**
 * Some messages with an outdated index: one mailbox after another, the newest of each first. Those that ended a worker come last and one
 * at a time, since each may take as long as hundreds of others.
 */
export async function findOutdated(db: Db, limit: number, mailbox?: OneMailbox): Promise<OutdatedMessage[]> {
  const { indexVersion } = db.tables.messages
  const some = await select(db, limit, mailbox, gt(indexVersion, HOSTILE_VERSION))
  return some.length > 0 || limit === 0 ? some : select(db, 1, mailbox, eq(indexVersion, HOSTILE_VERSION))
}

function select(db: Db, limit: number, mailbox: OneMailbox | undefined, which: SQL): Promise<OutdatedMessage[]> {
  const { messages } = db.tables
  const { tenantId, id, seq, mailboxId, blobKey, sha256 } = messages
  return db
    .select({ tenantId, id, seq, mailboxId, blobKey, sha256 })
    .from(messages)
    .where(outdated(db, mailbox, which))
    .orderBy(desc(tenantId), desc(mailboxId), desc(seq))
    .limit(limit)
}

/**
 * Writes new indexes in the given transaction: search tokens, and the columns parsed from the message. Leaves out messages that are
 * gone, that another process has indexed meanwhile, or that have another object than the one read: a draft saved meanwhile. Notifies open pages of mailboxes whose lists look different now.
 */
export async function renewIndexes(tx: Db, renewed: readonly RenewedIndex[], changes: Changes): Promise<void> {
  const { messages, threads } = tx.tables
  await lockMailboxes(
    tx,
    renewed.map(({ message }) => message),
  )
  const rows = await tx
    .select()
    .from(messages)
    .where(
      outdated(
        tx,
        undefined,
        inArray(messages.tenantId, [...new Set(renewed.map(({ message }) => message.tenantId))]),
        inArray(
          messages.id,
          renewed.map(({ message }) => message.id),
        ),
      ),
    )
    .orderBy(asc(messages.id))
  const reads = new Map(renewed.map((one) => [`${one.message.tenantId} ${one.message.id}`, one]))
  const found = rows.flatMap((row) => {
    const one = reads.get(`${row.tenantId} ${row.id}`)
    return one?.message.blobKey === row.blobKey ? [{ row, index: one.index }] : []
  })
  const changed = new Set<Topic>()
  for (const { row, index } of found) {
    const columns = index === null ? null : indexedColumns(index)
    await tx
      .update(messages)
      .set({ ...columns, indexVersion: INDEX_VERSION })
      .where(own(messages, tenantScope(row.tenantId), row.id))
    if (columns === null || !looksDifferent(row, columns)) continue
    // A thread has the subject of its first message.
    if (columns.subject !== row.subject)
      await tx
        .update(threads)
        .set({ subject: columns.subject })
        .where(and(own(threads, tenantScope(row.tenantId), row.threadId), eq(threads.subject, row.subject)))
    changed.add(mailboxTopic(row.tenantId, row.mailboxId))
  }
  const searchable = found.flatMap(({ row: { tenantId, id, seq }, index }) =>
    index === null ? [] : [{ tenantId, id, seq, tokens: index.search }],
  )
  await deleteSearch(tx, searchable)
  await insertSearch(tx, searchable)
  await changes.publish(tx, ...changed)
}

function looksDifferent(row: MessageRow, columns: ReturnType<typeof indexedColumns>): boolean {
  const shown = ({
    subject,
    preview,
    fromName,
    fromAddress,
    recipients,
    date,
    hasAttachments,
    parseError,
  }: typeof columns) =>
    JSON.stringify([subject, preview, fromName, fromAddress, recipients, date, hasAttachments, parseError])
  return shown(row) !== shown(columns)
}

/** Marks current messages as outdated, one batch in each transaction, so that all messages are reindexed. */
export async function markOutdated(db: Db, mailbox?: OneMailbox, signal?: AbortSignal): Promise<void> {
  const { messages } = db.tables
  for (let from = Number.MIN_SAFE_INTEGER; signal?.aborted !== true;) {
    const rows = await db
      .select({ tenantId: messages.tenantId, mailboxId: messages.mailboxId, seq: messages.seq })
      .from(messages)
      .where(and(gte(messages.seq, from), ofMailbox(db, mailbox)))
      .orderBy(asc(messages.seq))
      .limit(BATCH)
    const last = rows.at(-1)
    if (last === undefined) return
    from = last.seq + 1
    await db.transaction(async (tx) => {
      await lockMailboxes(tx, rows)
      await tx
        .update(messages)
        .set({ indexVersion: 0 })
        .where(
          inArray(
            messages.seq,
            rows.map(({ seq }) => seq),
          ),
        )
    })
  }
}
