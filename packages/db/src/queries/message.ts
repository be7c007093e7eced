import { and, asc, desc, inArray, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'
import { compileFilter, type MessageFilter } from './message-filter.ts'
import { type MailboxScope, ofMailboxes } from './scope.ts'

export type { MailboxScope } from './scope.ts'

/** A message as stored: one copy in one mailbox. */
export type MessageRow = Tables['messages']['$inferSelect']

/** Position in a list of messages: the last row of the previous page. */
export type MessagePosition = { receivedAt: Date; id: string }

/** A page of a list. `order` is by time of reception. */
export type MessagePage = { limit: number; order: 'asc' | 'desc'; after?: MessagePosition | undefined }

/** The message with this id in one of the scope's mailboxes, or null. */
export async function findMessage(db: Db, scope: MailboxScope, id: string): Promise<MessageRow | null> {
  const rows = await findMessages(db, scope, [id])
  return rows[0] ?? null
}

/** The messages with these ids in the scope's mailboxes, in order of id; leaves out unknown ids. */
export async function findMessages(db: Db, scope: MailboxScope, ids: readonly string[]): Promise<MessageRow[]> {
  if (ids.length === 0) return []
  const { messages } = db.tables
  return db
    .select()
    .from(messages)
    .where(ofMailboxes(messages, scope, inArray(messages.id, [...ids])))
    .orderBy(asc(messages.id))
}

/**
 * A page of the messages that match the filter, by (receivedAt, id). Leaves out trash, junk and quarantine unless the filter names
 * a folder. Request one more than is shown to learn whether there are more.
 */
export async function listMessages(
  db: Db,
  scope: MailboxScope,
  filter: MessageFilter,
  page: MessagePage,
): Promise<MessageRow[]> {
  const parts = await compileFilter(db, scope, filter)
  const pages: MessageRow[][] = []
  // One after the other, so that a search stops between two of them when its time is over.
  for (const where of parts) pages.push(await readPage(db, where, page))
  return pages.length === 1 ? (pages[0] ?? []) : pages.flat().sort(byPosition(page.order)).slice(0, page.limit)
}

function readPage(db: Db, where: SQL, page: MessagePage): Promise<MessageRow[]> {
  const { messages } = db.tables
  const direction = page.order === 'desc' ? desc : asc
  return db
    .select()
    .from(messages)
    .where(and(where, afterPosition(db, page)))
    .orderBy(direction(messages.receivedAt), direction(messages.id))
    .limit(page.limit)
}

function afterPosition(db: Db, { after, order }: MessagePage): SQL | undefined {
  if (!after) return undefined
  const { messages } = db.tables
  const row = sql`(${messages.receivedAt}, ${messages.id})`
  const position = sql`(${sql.param(after.receivedAt, messages.receivedAt)}, ${sql.param(after.id, messages.id)})`
  return order === 'desc' ? sql`${row} < ${position}` : sql`${row} > ${position}`
}

/** Ids are ASCII, so JavaScript's UTF-16 order equals the databases' byte order. */
function byPosition(order: 'asc' | 'desc'): (a: MessageRow, b: MessageRow) => number {
  const sign = order === 'desc' ? -1 : 1
  return (a, b) => sign * (a.receivedAt.getTime() - b.receivedAt.getTime() || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}
