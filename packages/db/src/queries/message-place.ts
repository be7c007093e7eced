import { and, type Column, eq, exists, inArray, isNull, not, notInArray, or, sql, type SQL } from 'drizzle-orm'
import type { SearchClause } from '@mairust/mail-core/search'
import type { Db } from '../client/db.ts'
import type { FolderRole } from '../schema/folder.ts'
import { inMailboxes, type MailboxScope } from './scope.ts'

/** A folder by id, role or name, or `anywhere`. */
export type FolderClause = Extract<SearchClause, { kind: 'folder' }>

/** How the place of a message is put into a condition. */
export type PlaceOptions = {
  /** Name the mailbox even where the folder says it all: an index of the mailbox is to be used. */
  keepMailbox: boolean
  /** How columns of `messages` are named. */
  column: (column: Column) => SQL
}

/** Folders whose mail shows only when they are asked for. */
const HIDDEN_ROLES = ['trash', 'junk', 'quarantine'] as const satisfies readonly FolderRole[]
/** The name in a folder clause that means every folder. */
const ANYWHERE = 'anywhere'
/** Up to this many mailboxes or folders are read each along its own index and merged; beyond it the tenant's index is read. */
const MAX_PARTS = 16

/**
 * The conditions on `messages` that say where they are: in the scope's mailboxes, in the folders that the clauses ask for, and without
 * such a clause not in trash, junk and quarantine. Each is a part that one index holds in order of reception.
 */
export async function findPlaces(
  db: Db,
  scope: MailboxScope,
  clauses: readonly FolderClause[],
  options: PlaceOptions,
): Promise<SQL[]> {
  if (scope.mailboxIds === 'all' || scope.mailboxIds.length > MAX_PARTS) {
    return placesInScope(db, scope, clauses, options)
  }
  const places = await Promise.all(scope.mailboxIds.map((id) => placeInMailbox(db, scope, id, clauses, options)))
  return places.filter((place) => place !== null)
}

/**
 * One mailbox: its few folders are read first, so that the condition is plain equalities. A single folder is named without
 * its mailbox: SQLite, which keeps no statistics, then has only the folder's index to choose.
 */
async function placeInMailbox(
  db: Db,
  { tenantId }: MailboxScope,
  mailboxId: string,
  clauses: readonly FolderClause[],
  { keepMailbox, column }: PlaceOptions,
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
  const inMailbox = eq(column(messages.mailboxId), mailboxId)
  const [first] = kept
  if (kept.length === 1 && first) {
    const inFolder = eq(column(messages.folderId), first.id)
    return keepMailbox ? (and(inMailbox, inFolder) ?? null) : inFolder
  }
  if (kept.length === all.length) return inMailbox
  const left = all.filter((folder) => !kept.includes(folder)).map((folder) => folder.id)
  return and(inMailbox, notInArray(column(messages.folderId), left)) ?? null
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

/**
 * Many mailboxes. The few folders that are asked for are read each by itself; else the folder of each row is looked up while the
 * rows are read in order.
 */
async function placesInScope(
  db: Db,
  scope: MailboxScope,
  clauses: readonly FolderClause[],
  { column }: PlaceOptions,
): Promise<SQL[]> {
  const { messages, folders } = db.tables
  const hide = clauses.every((clause) => clause.negated)
  const visible = hide ? or(isNull(folders.role), notInArray(folders.role, [...HIDDEN_ROLES])) : undefined
  const meant = and(visible, ...clauses.map((clause) => negate(namesInSql(db, clause), clause.negated)))
  if (!hide) {
    const few = await db
      .select({ id: folders.id })
      .from(folders)
      .where(and(eq(folders.tenantId, scope.tenantId), meant, inMailboxes(folders.mailboxId, scope)))
      .limit(MAX_PARTS + 1)
    if (few.length <= MAX_PARTS) return few.map(({ id }) => eq(column(messages.folderId), id))
  }
  const inFolder = exists(
    db
      .select({ one: sql`1` })
      .from(folders)
      .where(and(eq(folders.tenantId, messages.tenantId), eq(folders.id, messages.folderId), meant)),
  )
  const inScope = scope.mailboxIds === 'all' ? undefined : inArray(column(messages.mailboxId), [...scope.mailboxIds])
  return [and(inScope, inFolder) ?? inFolder]
}

function namesInSql(db: Db, clause: FolderClause): SQL {
  const { folders } = db.tables
  const wanted = clause.name.toLowerCase()
  if (wanted === ANYWHERE) return sql`1 = 1`
  return sql`(${folders.id} = ${clause.name} or coalesce(${folders.role}, '') = ${wanted} or ${folders.name} = ${clause.name} or lower(${folders.name}) = ${wanted})`
}

function negate(condition: SQL, negated: boolean): SQL {
  return negated ? not(condition) : condition
}
