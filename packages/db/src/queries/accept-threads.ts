import { and, eq, inArray, sql } from 'drizzle-orm'
import { threadKeys, toStoredMessageId } from '@mairust/mail-core/message'
import { insertRows, updateFrom } from '../dialect/bulk.ts'
import { inPortions } from '../dialect/portions.ts'
import type { Db } from '../client/db.ts'
import { createApartId } from '../id.ts'
import type { Copied } from './accept-types.ts'
import { mergeThreads, ThreadGroups } from './thread-merge.ts'

/** Most parents looked up, and awaited when missing. A hostile header has thousands. */
const MAX_PARENTS = 20

interface Thread {
  id: string
  isNew: boolean
  tenantId: string
  mailboxId: string
  subject: string
  added: number
  last: Date
}

/**
 * Finds the thread of each copy: by the Message-IDs it references (In-Reply-To and References) and its own, among the messages of
 * its mailbox, the Message-IDs they await, and earlier copies. Creates one if there is none. A copy that belongs to several threads
 * merges them, so that the order of arrival makes no difference. Returns a function from copy to thread id.
 */
export async function threadsFor(tx: Db, placed: readonly Copied[]): Promise<(entry: Copied) => string> {
  const known = await lookUp(tx, placed)
  const groups = new ThreadGroups()
  const fresh = new Set<string>()
  const waiting: { entry: Copied; header: string }[] = []
  const members = placed.map((entry) => {
    const { object, copy } = entry
    const key = (header: string): string => `${copy.mailboxId} ${header}`
    const found = headersOf(entry).flatMap((header) => known.get(key(header)) ?? [])
    const id = found[0] ?? createApartId('thr', copy.receivedAt)
    if (found.length === 0) fresh.add(id)
    groups.join(found)
    for (const header of parentsOf(entry)) {
      if (known.has(key(header))) continue
      known.set(key(header), [id])
      waiting.push({ entry, header })
    }
    const { messageId } = object.index
    if (messageId !== null) known.set(key(toStoredMessageId(messageId)), [id])
    return { entry, id }
  })
  await mergeThreads(tx, groups, fresh, members)
  const threadOf = new Map(members.map(({ entry, id }) => [entry, groups.nameOf(id)]))
  const idOf = (entry: Copied): string => threadOf.get(entry) ?? ''
  await write(tx, countByThread(placed, idOf, fresh))
  // No conflicts: existing ones were found above, and the mailbox is locked.
  await insertRows(
    tx,
    tx.tables.awaitedHeaders,
    waiting.map(({ entry, header }) => ({
      tenantId: entry.copy.tenantId,
      mailboxId: entry.copy.mailboxId,
      header,
      threadId: idOf(entry),
    })),
  )
  return idOf
}

function countByThread(
  placed: readonly Copied[],
  idOf: (entry: Copied) => string,
  fresh: ReadonlySet<string>,
): Thread[] {
  const threads = new Map<string, Thread>()
  for (const entry of placed) {
    const { object, copy } = entry
    const id = idOf(entry)
    const { tenantId, mailboxId, receivedAt: last } = copy
    const { subject } = object.index
    const thread = threads.get(id) ?? { id, isNew: fresh.has(id), tenantId, mailboxId, subject, added: 0, last }
    thread.added += 1
    if (last > thread.last) thread.last = last
    threads.set(id, thread)
  }
  return [...threads.values()]
}

/** The nearest parents, and the first message of a long thread, which all its messages reference. */
function parentsOf({ object: { index } }: Copied): string[] {
  const keys = threadKeys(index)
  return keys.length <= MAX_PARENTS ? keys : [...keys.slice(0, MAX_PARENTS - 1), ...keys.slice(-1)]
}

/** The Message-IDs that may link a message: its parents' and its own, which another copy of it has too. */
function headersOf(entry: Copied): string[] {
  const { messageId } = entry.object.index
  return messageId === null ? parentsOf(entry) : [...parentsOf(entry), toStoredMessageId(messageId)]
}

/** Threads of the messages stored or awaited with these headers, by mailbox and header. */
async function lookUp(tx: Db, placed: readonly Copied[]): Promise<Map<string, string[]>> {
  const { messages, awaitedHeaders } = tx.tables
  const headers = [...new Set(placed.flatMap(headersOf))]
  const known = new Map<string, string[]>()
  const tenantIds = [...new Set(placed.map(({ copy }) => copy.tenantId))]
  const mailboxIds = [...new Set(placed.map(({ copy }) => copy.mailboxId))]
  for (const someMailboxes of inPortions(mailboxIds)) {
    const among = (table: typeof messages | typeof awaitedHeaders) =>
      and(inArray(table.tenantId, tenantIds), inArray(table.mailboxId, someMailboxes))
    for (const some of inPortions(headers)) {
      const awaited = await tx
        .select({
          mailboxId: awaitedHeaders.mailboxId,
          header: awaitedHeaders.header,
          threadId: awaitedHeaders.threadId,
        })
        .from(awaitedHeaders)
        .where(and(among(awaitedHeaders), inArray(awaitedHeaders.header, some)))
      const stored = await tx
        .select({ mailboxId: messages.mailboxId, header: messages.messageIdHeader, threadId: messages.threadId })
        .from(messages)
        .where(and(among(messages), inArray(messages.messageIdHeader, some)))
      for (const { mailboxId, header, threadId } of [...stored, ...awaited]) {
        const key = `${mailboxId} ${header ?? ''}`
        const ids = known.get(key)
        if (!ids) known.set(key, [threadId])
        else if (!ids.includes(threadId)) ids.push(threadId)
      }
    }
  }
  return known
}

async function write(tx: Db, threads: Thread[]): Promise<void> {
  const { threads: table } = tx.tables
  await insertRows(
    tx,
    table,
    threads
      .filter(({ isNew }) => isNew)
      .map(({ tenantId, id, mailboxId, subject, added, last }) => ({
        tenantId,
        id,
        mailboxId,
        subject,
        messageCount: added,
        lastMessageAt: last,
      })),
  )
  const older = threads.filter(({ isNew }) => !isNew)
  await updateFrom(
    tx,
    [table.tenantId, table.id, table.messageCount, table.lastMessageAt],
    older.map(({ tenantId, id, added, last }) => [tenantId, id, added, last]),
    (values) => sql`update ${table} set message_count = message_count + v.column3,
          last_message_at = case when last_message_at < v.column4 then v.column4 else last_message_at end
        from ${values} as v where ${and(eq(table.tenantId, sql`v.column1`), eq(table.id, sql`v.column2`))}`,
  )
}
