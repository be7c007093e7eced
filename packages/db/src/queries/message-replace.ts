import { quotaAtCommit } from '@mairust/mail-core/inbound'
import { and, eq } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { deleteSearch, insertSearch, lockMailboxes } from '../dialect/index.ts'
import { threadsFor } from './accept-threads.ts'
import type { AcceptObject } from './accept-types.ts'
import { indexedColumns } from './indexed-columns.ts'
import type { MessageRow } from './message.ts'
import { releaseQuota } from './message-change.ts'
import { own, tenantScope } from './scope.ts'
import { recountThreads } from './thread.ts'

/** What a message consists of from now on. */
export interface Replacement {
  readonly object: Pick<AcceptObject, 'blobKey' | 'size' | 'sha256' | 'index'>
  readonly receivedAt: Date
  /** Whether it answers other messages than before, and so belongs to another conversation. */
  readonly joins: boolean
}

/**
 * Gives a message another object, with its index, quota and conversation; its id, flags, tags, folder and journey stay. The caller
 * has locked its mailbox, publishes the change and, after the commit, removes the old object when nothing refers to it.
 * @returns false when the mailbox has no room for more; then nothing is changed
 */
export async function replaceMessage(
  tx: Db,
  row: MessageRow,
  { object, receivedAt, joins }: Replacement,
): Promise<boolean> {
  const { messages } = tx.tables
  const scope = tenantScope(row.tenantId)
  if (!(await hasRoom(tx, row, object.size))) return false
  await releaseQuota(tx, scope, new Map([[row.mailboxId, row.size - object.size]]))
  const { blobKey, size, sha256, index } = object
  await tx
    .update(messages)
    .set({ blobKey, size, sha256, ...indexedColumns(index), receivedAt })
    .where(own(messages, scope, row.id))
  await deleteSearch(tx, [row])
  await insertSearch(tx, [{ tenantId: row.tenantId, id: row.id, seq: row.seq, tokens: index.search }])
  if (joins) await joinThread(tx, row, object, receivedAt)
  else await renameThread(tx, row, index.subject)
  await recountThreads(tx, scope, [row.threadId])
  return true
}

/** What makes a message no larger always fits. */
async function hasRoom(tx: Db, row: MessageRow, size: number): Promise<boolean> {
  if (size <= row.size) return true
  const [box] = await lockMailboxes(tx, [row])
  return box !== undefined && quotaAtCommit({ ...box, usedBytes: box.usedBytes - row.size }, size) === 'fits'
}

/** Finds the conversation of the messages that it answers now. Its own Message-ID must not lead back to where it was. */
async function joinThread(tx: Db, row: MessageRow, object: Replacement['object'], receivedAt: Date): Promise<void> {
  const { messages } = tx.tables
  const scope = tenantScope(row.tenantId)
  const mine = own(messages, scope, row.id)
  await tx.update(messages).set({ messageIdHeader: null }).where(mine)
  const copied = { object, copy: { tenantId: row.tenantId, mailboxId: row.mailboxId, receivedAt } }
  const threadOf = await threadsFor(tx, [copied])
  const threadId = threadOf(copied)
  const { messageIdHeader } = indexedColumns(object.index)
  await tx.update(messages).set({ threadId, messageIdHeader }).where(mine)
  await recountThreads(tx, scope, [threadId])
}

/** A conversation has the subject of its first message. */
async function renameThread(tx: Db, row: MessageRow, subject: string): Promise<void> {
  const { threads } = tx.tables
  if (subject === row.subject) return
  await tx
    .update(threads)
    .set({ subject })
    .where(
      and(
        own(threads, tenantScope(row.tenantId), row.threadId),
        eq(threads.subject, row.subject),
        eq(threads.messageCount, 1),
      ),
    )
}
