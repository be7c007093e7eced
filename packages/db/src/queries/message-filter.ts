import { and, type Column, eq, gte, inArray, lt, notInArray, or, sql, type SQL } from 'drizzle-orm'
import type { SearchClause } from '@mairust/mail-core/search'
import type { Db } from '../client/db.ts'
import { findFewMatches, searchCondition } from '../dialect/index.ts'
import { holdsId } from './id-set.ts'
import { findPlaces, type FolderClause } from './message-place.ts'
import { nameKey } from './name-key.ts'
import type { MailboxScope } from './scope.ts'

/**
 * What a list of messages is narrowed to: all clauses must hold. A `folder` clause takes the folder's id, role or name; a
 * `tag` clause the tag's id or name, which each owner's tags are looked through for.
 */
export type MessageFilter = {
  mailboxId?: string | undefined
  threadId?: string | undefined
  clauses: readonly SearchClause[]
}

type TagClause = Extract<SearchClause, { kind: 'tag' }>
type OtherClause = Exclude<SearchClause, FolderClause>

/**
 * The conditions on `messages` for the scope and the filter. Each stands for a part that one index holds in order of reception; no
 * message is in two of them. None when nothing can meet the filter.
 */
export async function compileFilter(db: Db, scope: MailboxScope, filter: MessageFilter): Promise<SQL[]> {
  const { messages } = db.tables
  const folders = filter.clauses.filter((clause) => clause.kind === 'folder')
  const texts = filter.clauses.filter((clause) => clause.kind === 'text')
  const others = filter.clauses.filter((clause) => clause.kind !== 'folder')
  const few = await findFewMatches(db, texts, filter.threadId)
  const column = few?.bare ?? ((named: Column) => sql`${named}`)
  const conditions = await Promise.all(others.map((clause) => condition(db, scope, clause)))
  const places = await findPlaces(db, narrow(scope, filter.mailboxId), folders, {
    keepMailbox: others.some(hasOwnIndex),
    column,
  })
  const tenant = eq(column(messages.tenantId), scope.tenantId)
  const inThread = filter.threadId === undefined ? undefined : eq(messages.threadId, filter.threadId)
  return places.map((place) => and(tenant, place, inThread, few?.holds, ...conditions) ?? place)
}

function narrow(scope: MailboxScope, mailboxId: string | undefined): MailboxScope {
  if (mailboxId === undefined) return scope
  return { ...scope, mailboxIds: holdsId(scope.mailboxIds, mailboxId) ? [mailboxId] : [] }
}

/** Clauses that have an index of their own per mailbox; the mailbox must then stay in the condition. */
function hasOwnIndex(clause: OtherClause): boolean {
  if (clause.kind === 'attachment') return !clause.negated
  return clause.kind === 'flag' && (clause.flag === 'seen') !== (clause.value !== clause.negated)
}

async function condition(db: Db, scope: MailboxScope, clause: OtherClause): Promise<SQL> {
  const { messages } = db.tables
  switch (clause.kind) {
    case 'text':
      return searchCondition(db, clause)
    case 'before':
      return clause.negated ? gte(messages.receivedAt, clause.at) : lt(messages.receivedAt, clause.at)
    case 'after':
      return clause.negated ? lt(messages.receivedAt, clause.at) : gte(messages.receivedAt, clause.at)
    case 'tag':
      return tagged(db, scope, clause)
    // Written without a parameter: only then do the partial indexes match.
    case 'attachment':
      return clause.negated ? sql`not ${messages.hasAttachments}` : sql`${messages.hasAttachments}`
    case 'flag': {
      const column = clause.flag === 'seen' ? messages.seen : messages.starred
      return clause.value === clause.negated ? sql`not ${column}` : sql`${column}`
    }
  }
}

/** From how many tags of one name on the database looks them up itself: a statement has only so many parameters. */
const MANY_TAGS = 100

/**
 * The tags are looked up first, so that a name that is no tag costs nothing. Each owner may have one of the name: a message has none but
 * its own owner's.
 */
async function tagged(db: Db, { tenantId }: MailboxScope, clause: TagClause): Promise<SQL> {
  const { messages, messageTags, tags } = db.tables
  const named = and(eq(tags.tenantId, tenantId), or(eq(tags.nameKey, nameKey(clause.name)), eq(tags.id, clause.name)))
  const found = await db.select({ id: tags.id }).from(tags).where(named).limit(MANY_TAGS)
  if (found.length === 0) return clause.negated ? sql`1 = 1` : sql`1 = 0`
  const tagIds =
    found.length < MANY_TAGS ? found.map(({ id }) => id) : db.select({ id: tags.id }).from(tags).where(named)
  const ids = db
    .select({ id: messageTags.messageId })
    .from(messageTags)
    .where(and(eq(messageTags.tenantId, tenantId), inArray(messageTags.tagId, tagIds)))
  return clause.negated ? notInArray(messages.id, ids) : inArray(messages.id, ids)
}
