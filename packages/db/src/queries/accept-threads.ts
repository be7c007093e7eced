import { and, eq, inArray, sql } from 'drizzle-orm'
import { threadKeys, toStoredMessageId } from '@mairust/mail-core/message'
import { insertRows, valuesTable } from '../dialect/bulk.ts'
import { type Db, runSql } from '../client/db.ts'
import { createId } from '../id.ts'
import type { Placed } from './accept-copies.ts'

/** Parents looked for, the nearest ones. A hostile header has thousands. */
const MAX_PARENTS = 20
/** Parents that are waited for when they are not there. */
const MAX_AWAITED = 5
/** Message-IDs in one look-up. */
const CHUNK = 5000

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
 * Finds the thread of each copy by the Message-IDs it names (In-Reply-To first, then References from the end) or has itself,
 * among the messages of its mailbox, what they wait for, and the copies before it; makes one where there is none. Returns what gives
 * a copy its thread's id.
 */
export async function threadsFor(tx: Db, placed: readonly Placed[]): Promise<(entry: Placed) => string> {
  const known = await lookUp(tx, placed)
  const threads = new Map<string, Thread>()
  const awaited: Awaited[] = []
  const result = new Map<Placed, string>()
  for (const entry of placed) {
    const { item, copy } = entry
    const key = (header: string): string => `${copy.mailboxId} ${header}`
    const headers = headersOf(entry)
    const found = headers.map((header) => known.get(key(header))).find((id) => id !== undefined)
    const id = found ?? createId('thr')
    const thread = threads.get(id) ?? {
      id,
      isNew: found === undefined,
      tenantId: copy.tenantId,
      mailboxId: copy.mailboxId,
      subject: item.index.subject,
      added: 0,
      last: copy.receivedAt,
    }
    thread.added += 1
    if (copy.receivedAt > thread.last) thread.last = copy.receivedAt
    threads.set(id, thread)
    result.set(entry, id)
    for (const header of parentsOf(entry).slice(0, MAX_AWAITED)) {
      if (known.has(key(header))) continue
      known.set(key(header), id)
      awaited.push({ tenantId: copy.tenantId, mailboxId: copy.mailboxId, header, threadId: id })
    }
    if (item.index.messageId !== null) known.set(key(toStoredMessageId(item.index.messageId)), id)
  }
  await write(tx, [...threads.values()])
  // Those that are there already have been found, and the mailbox is locked.
  await insertRows(tx, tx.tables.awaitedHeaders, awaited)
  return (entry) => result.get(entry) ?? ''
}

type Awaited = Db['tables']['awaitedHeaders']['$inferSelect']

function parentsOf({ item: { index } }: Placed): string[] {
  return threadKeys(index).slice(0, MAX_PARENTS)
}

/** What a message may be joined by: its nearest parents, and its own Message-ID, which another copy of it has too. */
function headersOf(entry: Placed): string[] {
  const { messageId } = entry.item.index
  return messageId === null ? parentsOf(entry) : [...parentsOf(entry), toStoredMessageId(messageId)]
}

/** Threads of the messages stored, or waited for, under these headers, by mailbox and header. */
async function lookUp(tx: Db, placed: readonly Placed[]): Promise<Map<string, string>> {
  const { messages, awaitedHeaders } = tx.tables
  const headers = [...new Set(placed.flatMap(headersOf))]
  const known = new Map<string, string>()
  const tenantIds = [...new Set(placed.map(({ copy }) => copy.tenantId))]
  const mailboxIds = [...new Set(placed.map(({ copy }) => copy.mailboxId))]
  const among = (table: typeof messages | typeof awaitedHeaders) =>
    and(inArray(table.tenantId, tenantIds), inArray(table.mailboxId, mailboxIds))
  for (let from = 0; from < headers.length; from += CHUNK) {
    const some = headers.slice(from, from + CHUNK)
    const awaited = await tx
      .select({ mailboxId: awaitedHeaders.mailboxId, header: awaitedHeaders.header, threadId: awaitedHeaders.threadId })
      .from(awaitedHeaders)
      .where(and(among(awaitedHeaders), inArray(awaitedHeaders.header, some)))
    const stored = await tx
      .select({ mailboxId: messages.mailboxId, header: messages.messageIdHeader, threadId: messages.threadId })
      .from(messages)
      .where(and(among(messages), inArray(messages.messageIdHeader, some)))
    // What is there says more than what is waited for.
    for (const { mailboxId, header, threadId } of [...awaited, ...stored]) {
      known.set(`${mailboxId} ${header ?? ''}`, threadId)
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
  if (older.length === 0) return
  const values = valuesTable(
    [table.tenantId, table.id, table.messageCount, table.lastMessageAt],
    older.map(({ tenantId, id, added, last }) => [tenantId, id, added, last]),
  )
  await runSql(
    tx,
    sql`update ${table} set message_count = message_count + v.column3,
          last_message_at = case when last_message_at < v.column4 then v.column4 else last_message_at end
        from ${values} as v where ${and(eq(table.tenantId, sql`v.column1`), eq(table.id, sql`v.column2`))}`,
  )
}
