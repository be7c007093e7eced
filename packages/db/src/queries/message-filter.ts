import { and, eq, gte, inArray, lt, notInArray, or, sql, type SQL } from 'drizzle-orm'
import type { SearchClause } from '@mairust/mail-core/search'
import type { Db } from '../client/db.ts'
import { searchCondition } from '../dialect/index.ts'
import { hasId } from './id-set.ts'
import { findPlaces, type FolderClause } from './message-place.ts'
import { nameKey } from './name-key.ts'
import { among, type MailboxScope } from './scope.ts'

/**
 * The filter of a list of messages: all clauses must match. A `folder` clause names a folder by id, role or name; a `tag` clause a
 * tag by id, or by name among the tags of every owner.
 */
export type MessageFilter = {
  mailboxId?: string | undefined
  threadId?: string | undefined
  clauses: readonly SearchClause[]
}

type TagClause = Extract<SearchClause, { kind: 'tag' }>
type OtherClause = Exclude<SearchClause, FolderClause | { kind: 'text' }>

/**
 * The conditions on `messages` for the scope and the filter. Each selects a part that one index returns in order of reception; the
 * parts do not overlap. None when nothing can match.
 */
export async function compileFilter(db: Db, scope: MailboxScope, filter: MessageFilter): Promise<SQL[]> {
  const { messages } = db.tables
  const folders = filter.clauses.filter((clause) => clause.kind === 'folder')
  const texts = filter.clauses.filter((clause) => clause.kind === 'text')
  const others = distinct(filter.clauses.filter((clause) => clause.kind !== 'folder' && clause.kind !== 'text'))
  const narrowed = narrow(scope, filter.mailboxId)
  const { holds, column } = await searchCondition(db, {
    clauses: texts,
    threadId: filter.threadId,
    readable: (named) =>
      and(eq(named(messages.tenantId), scope.tenantId), among(named(messages.mailboxId), narrowed.mailboxIds)),
  })
  const conditions = await Promise.all(others.map((clause) => condition(db, narrowed, clause)))
  const places = await findPlaces(db, narrowed, folders, {
    keepMailbox: others.some(hasOwnIndex),
    column,
  })
  const tenant = eq(column(messages.tenantId), scope.tenantId)
  return places.map((place) => and(tenant, place, holds, ...conditions) ?? place)
}

/** The clauses without repetitions: names that are compared as the same are one. */
function distinct(clauses: readonly OtherClause[]): OtherClause[] {
  const keyOf = (clause: OtherClause): string =>
    JSON.stringify(clause.kind === 'tag' ? { ...clause, name: nameKey(clause.name) } : clause)
  return [...new Map(clauses.map((clause) => [keyOf(clause), clause])).values()]
}

function narrow(scope: MailboxScope, mailboxId: string | undefined): MailboxScope {
  if (mailboxId === undefined) return scope
  return { ...scope, mailboxIds: hasId(scope.mailboxIds, mailboxId) ? [mailboxId] : [] }
}

/** Clauses with their own index per mailbox; the condition must then keep the mailbox. */
function hasOwnIndex(clause: OtherClause): boolean {
  if (clause.kind === 'attachment') return !clause.negated
  return clause.kind === 'flag' && (clause.flag === 'seen') !== (clause.value !== clause.negated)
}

async function condition(db: Db, scope: MailboxScope, clause: OtherClause): Promise<SQL> {
  const { messages } = db.tables
  switch (clause.kind) {
    case 'before':
      return clause.negated ? gte(messages.receivedAt, clause.at) : lt(messages.receivedAt, clause.at)
    case 'after':
      return clause.negated ? lt(messages.receivedAt, clause.at) : gte(messages.receivedAt, clause.at)
    case 'tag':
      return tagged(db, scope, clause)
    // Without a parameter, so that the partial indexes match.
    case 'attachment':
      return clause.negated ? sql`not ${messages.hasAttachments}` : sql`${messages.hasAttachments}`
    case 'flag': {
      const column = messages[clause.flag]
      return clause.value === clause.negated ? sql`not ${column}` : sql`${column}`
    }
  }
}

/** From this many tags of one name on, a subquery looks them up: a statement has only so many parameters. */
const MANY_TAGS = 100

/**
 * Looks up the tags first, so that an unknown name costs nothing. Each owner may have a tag of this name; a message only has its
 * own owner's. Those of owners whose mail is not in the scope must cost nothing either: the time would tell their names.
 */
async function tagged(db: Db, scope: MailboxScope, clause: TagClause): Promise<SQL> {
  const { messages, messageTags, tags, mailboxes } = db.tables
  const { tenantId } = scope
  const owners = db
    .select({ id: sql`coalesce(${mailboxes.userId}, ${mailboxes.id})` })
    .from(mailboxes)
    .where(and(eq(mailboxes.tenantId, tenantId), among(mailboxes.id, scope.mailboxIds)))
  const named = and(
    eq(tags.tenantId, tenantId),
    or(eq(tags.nameKey, nameKey(clause.name)), eq(tags.id, clause.name)),
    scope.mailboxIds === 'all' ? undefined : inArray(tags.ownerId, owners),
  )
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
