import { and, type Column, eq, exists, isNull, not, notInArray, or, sql, type SQL } from 'drizzle-orm'
import type { SearchClause } from '@mairust/mail-core/search'
import type { Db } from '../client/db.ts'
import { ANYWHERE, type FolderRole } from '../schema/folder.ts'
import { folderMatches } from './folder.ts'
import { nameKey } from './name-key.ts'
import { among, type MailboxScope, ofMailboxes } from './scope.ts'

/** A folder by id, role or name, or `anywhere`. */
export type FolderClause = Extract<SearchClause, { kind: 'folder' }>

/** How to express the place of a message in a condition. */
export type PlaceOptions = {
  /** Name the mailbox even when the folder implies it, to use an index of the mailbox. */
  keepMailbox: boolean
  /** How to name columns of `messages`. */
  column: (column: Column) => SQL
}

/** Folders whose mail is listed only on request. */
const HIDDEN_ROLES = ['trash', 'junk', 'quarantine'] as const satisfies readonly FolderRole[]
/** Up to this many mailboxes or folders are each read by their own index and merged; beyond it the tenant's index is read. */
const MAX_PARTS = 16

/**
 * The conditions on `messages` for their place: in the scope's mailboxes and the requested folders, or without a folder clause
 * anywhere but trash, junk and quarantine. Each selects a part that one index returns in order of reception.
 */
export async function findPlaces(
  db: Db,
  scope: MailboxScope,
  clauses: readonly FolderClause[],
  options: PlaceOptions,
): Promise<SQL[]> {
  const { mailboxIds } = scope
  if (mailboxIds === 'all' || 'except' in mailboxIds || mailboxIds.length > MAX_PARTS) {
    return placesInScope(db, scope, clauses, options)
  }
  const places = await Promise.all(mailboxIds.map((id) => placeInMailbox(db, scope, id, clauses, options)))
  return places.filter((place) => place !== null)
}

/**
 * One mailbox: reads its few folders first, so that the condition is plain equalities. A single folder is named without its
 * mailbox: SQLite, which keeps no statistics, then has only the folder's index to choose.
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
    .select({ id: folders.id, isRequested: sql`${requestedFolders(db, clauses)}`.mapWith(Boolean) })
    .from(folders)
    .where(and(eq(folders.tenantId, tenantId), eq(folders.mailboxId, mailboxId)))
  const kept = all.filter(({ isRequested }) => isRequested)
  if (kept.length === 0) return null
  const inMailbox = eq(column(messages.mailboxId), mailboxId)
  const [first] = kept
  if (kept.length === 1 && first) {
    const inFolder = eq(column(messages.folderId), first.id)
    return keepMailbox ? (and(inMailbox, inFolder) ?? null) : inFolder
  }
  if (kept.length === all.length) return inMailbox
  const left = all.filter(({ isRequested }) => !isRequested).map((folder) => folder.id)
  return and(inMailbox, notInArray(column(messages.folderId), left)) ?? null
}

/** The condition of the clauses on `folders`. Leaves out hidden folders unless a clause requests a folder. */
function requestedFolders(db: Db, clauses: readonly FolderClause[]): SQL | undefined {
  const { folders } = db.tables
  return and(
    requestsNone(clauses) ? or(isNull(folders.role), notInArray(folders.role, [...HIDDEN_ROLES])) : undefined,
    ...clauses.map(({ name, negated }) => {
      const named = nameKey(name) === ANYWHERE ? sql`1 = 1` : folderMatches(db, name)
      return negated ? not(named) : named
    }),
  )
}

function requestsNone(clauses: readonly FolderClause[]): boolean {
  return clauses.every(({ negated }) => negated)
}

/**
 * Many mailboxes: a few requested folders are read one by one; otherwise the folder of each row is looked up while rows are read in
 * order.
 */
async function placesInScope(
  db: Db,
  scope: MailboxScope,
  clauses: readonly FolderClause[],
  { column }: PlaceOptions,
): Promise<SQL[]> {
  const { messages, folders } = db.tables
  const isRequested = requestedFolders(db, clauses)
  if (!requestsNone(clauses)) {
    const few = await db
      .select({ id: folders.id })
      .from(folders)
      .where(ofMailboxes(folders, scope, isRequested))
      .limit(MAX_PARTS + 1)
    if (few.length <= MAX_PARTS) return few.map(({ id }) => eq(column(messages.folderId), id))
  }
  const inFolder = exists(
    db
      .select({ one: sql`1` })
      .from(folders)
      .where(and(eq(folders.tenantId, messages.tenantId), eq(folders.id, messages.folderId), isRequested)),
  )
  return [and(among(column(messages.mailboxId), scope.mailboxIds), inFolder) ?? inFolder]
}
