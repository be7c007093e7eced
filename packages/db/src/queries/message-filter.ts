import { and, eq, exists, inArray, isNull, not, notInArray, or, sql, type SQL } from 'drizzle-orm'
import type { SearchClause } from '@mairust/mail-core/search'
import type { Db } from '../client/db.ts'
import { searchCondition } from '../dialect.ts'
import type { FolderRole } from '../schema/folder.ts'
import type { MailboxScope } from './message.ts'
import { tagKey } from './tag.ts'

/**
 * What a list of messages is narrowed to: all clauses must hold. A `folder` clause takes the folder's id, role or name; a
 * `tag` clause the tag's id or name.
 */
export type MessageFilter = { mailboxId?: string | undefined; clauses: readonly SearchClause[] }

/** Folders whose mail shows only when they are asked for. */
const HIDDEN_ROLES = ['trash', 'junk', 'quarantine'] as const satisfies readonly FolderRole[]
/** The name in a folder clause that means every folder. */
const ANYWHERE = 'anywhere'

type FolderClause = Extract<SearchClause, { kind: 'folder' }>
type OtherClause = Exclude<SearchClause, FolderClause>

/** The condition on `messages` for the scope and the filter; null when nothing can meet it. */
export async function compileFilter(db: Db, scope: MailboxScope, filter: MessageFilter): Promise<SQL | null> {
  const { messages } = db.tables
  if (scope.mailboxIds !== 'all' && scope.mailboxIds.length === 0) return null
  const folders = filter.clauses.filter((clause) => clause.kind === 'folder')
  const others = filter.clauses.filter((clause) => clause.kind !== 'folder')
  const [only] = scope.mailboxIds
  const place =
    scope.mailboxIds !== 'all' && scope.mailboxIds.length === 1 && only !== undefined
      ? await placeInMailbox(db, scope.tenantId, only, folders, others.some(hasOwnIndex))
      : placeInScope(db, scope, folders)
  if (place === null) return null
  return (
    and(eq(messages.tenantId, scope.tenantId), place, ...others.map((clause) => condition(db, scope, clause))) ?? null
  )
}

/** Clauses that have an index of their own per mailbox; the mailbox must then stay in the condition. */
function hasOwnIndex(clause: OtherClause): boolean {
  if (clause.kind === 'attachment') return !clause.negated
  return clause.kind === 'flag' && (clause.flag === 'seen') !== (clause.value !== clause.negated)
}

/**
 * One mailbox: its few folders are read first, so that the condition is plain equalities. A single folder is named without
 * its mailbox: SQLite, which keeps no statistics, then has only the folder's index to choose.
 */
async function placeInMailbox(
  db: Db,
  tenantId: string,
  mailboxId: string,
  clauses: readonly FolderClause[],
  keepMailbox: boolean,
): Promise<SQL | null> {
  const { messages, folders } = db.tables
  const all = await db
    .select({ id: folders.id, role: folders.role, name: folders.name })
    .from(folders)
    .where(and(eq(folders.tenantId, tenantId), eq(folders.mailboxId, mailboxId)))
  const hide = clauses.every((clause) => clause.negated)
  const kept = all.filter(
    (folder) => clauses.every((clause) => names(clause, folder) !== clause.negated) && !(hide && isHidden(folder.role)),
  )
  if (kept.length === 0) return null
  const inMailbox = eq(messages.mailboxId, mailboxId)
  const [first] = kept
  if (kept.length === 1 && first) {
    const inFolder = eq(messages.folderId, first.id)
    return keepMailbox ? (and(inMailbox, inFolder) ?? null) : inFolder
  }
  if (kept.length === all.length) return inMailbox
  const left = all.filter((folder) => !kept.includes(folder)).map((folder) => folder.id)
  return and(inMailbox, notInArray(messages.folderId, left)) ?? null
}

function isHidden(role: FolderRole | null): boolean {
  return HIDDEN_ROLES.some((hidden) => hidden === role)
}

function names(clause: FolderClause, folder: { id: string; role: FolderRole | null; name: string }): boolean {
  const wanted = clause.name.toLowerCase()
  return (
    wanted === ANYWHERE || folder.id === clause.name || folder.role === wanted || folder.name.toLowerCase() === wanted
  )
}

/** Many mailboxes: the folder of each row is looked up while the rows are read in order. */
function placeInScope(db: Db, scope: MailboxScope, clauses: readonly FolderClause[]): SQL {
  const { messages, folders } = db.tables
  const hide = clauses.every((clause) => clause.negated)
  const visible = hide ? or(isNull(folders.role), notInArray(folders.role, [...HIDDEN_ROLES])) : undefined
  const named = clauses.map((clause) => negate(namesInSql(db, clause), clause.negated))
  const inFolder = exists(
    db
      .select({ one: sql`1` })
      .from(folders)
      .where(and(eq(folders.tenantId, messages.tenantId), eq(folders.id, messages.folderId), visible, ...named)),
  )
  const inScope = scope.mailboxIds === 'all' ? undefined : inArray(messages.mailboxId, [...scope.mailboxIds])
  return and(inScope, inFolder) ?? inFolder
}

function namesInSql(db: Db, clause: FolderClause): SQL {
  const { folders } = db.tables
  const wanted = clause.name.toLowerCase()
  if (wanted === ANYWHERE) return sql`1 = 1`
  return sql`(${folders.id} = ${clause.name} or coalesce(${folders.role}, '') = ${wanted} or ${folders.name} = ${clause.name} or lower(${folders.name}) = ${wanted})`
}

function condition(db: Db, scope: MailboxScope, clause: OtherClause): SQL {
  const { messages } = db.tables
  switch (clause.kind) {
    case 'text':
      return searchCondition(db, clause)
    case 'before':
      return negate(sql`${messages.receivedAt} < ${sql.param(clause.at, messages.receivedAt)}`, clause.negated)
    case 'after':
      return negate(sql`${messages.receivedAt} >= ${sql.param(clause.at, messages.receivedAt)}`, clause.negated)
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

function negate(condition: SQL, negated: boolean): SQL {
  return negated ? not(condition) : condition
}

function tagged(db: Db, scope: MailboxScope, clause: Extract<SearchClause, { kind: 'tag' }>): SQL {
  const { messages, messageTags, tags } = db.tables
  const ids = db
    .select({ id: messageTags.messageId })
    .from(messageTags)
    .innerJoin(tags, and(eq(tags.tenantId, messageTags.tenantId), eq(tags.id, messageTags.tagId)))
    .where(
      and(
        eq(messageTags.tenantId, scope.tenantId),
        or(eq(tags.nameKey, tagKey(clause.name)), eq(tags.id, clause.name)),
      ),
    )
  return clause.negated ? notInArray(messages.id, ids) : inArray(messages.id, ids)
}
