import { and, asc, eq, inArray, ne, not, or, sql, type Column, type SQL } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { contains, endsWith } from '../dialect/index.ts'
import type { Tables } from '../schema/define.ts'
import type { Role } from '../names.ts'
import type { IdSet } from './id-set.ts'
import { deleteRow, findRow, findRowWhere, insertRow, lockRow, updateRow, type NewRow, type RowChange } from './row.ts'
import { fromPage, type RowPage, type TenantScope } from './scope.ts'
import { deleteTagsOf } from './tag-owner.ts'

/** A user as stored. */
export type UserRow = Tables['users']['$inferSelect']

/** Adds a user. Throws the unique violation (`users_email_key`) when any tenant has the email. */
export const insertUser = (db: Db, scope: TenantScope, user: NewRow<Tables['users']>): Promise<UserRow> =>
  insertRow(db, db.tables.users, scope, user)

/** The tenant's user with this id, or null. */
export const findUser = (db: Db, scope: TenantScope, id: string): Promise<UserRow | null> =>
  findRow(db, db.tables.users, scope, id)

/** The tenant's user with this id, or null, locked until the end of the transaction. */
export const lockUser = (tx: Db, scope: TenantScope, id: string): Promise<UserRow | null> =>
  lockRow(tx, tx.tables.users, scope, id)

/** The tenant's users with these ids. */
export async function findUsers(db: Db, scope: TenantScope, ids: readonly string[]): Promise<UserRow[]> {
  if (ids.length === 0) return []
  const { users } = db.tables
  return db
    .select()
    .from(users)
    .where(and(eq(users.tenantId, scope.tenantId), inArray(users.id, [...ids])))
}

/** The user with this (normalised) email as login name, or null. Takes no tenant: the email determines it. */
export const findUserByEmail = (db: Db, email: string): Promise<UserRow | null> =>
  findRowWhere(db, db.tables.users, eq(db.tables.users.email, email))

/** The oldest user of any tenant with this role and not suspended, or null. The command line acts as the oldest `super_admin`. */
export async function findOldestUser(db: Db, role: Role): Promise<UserRow | null> {
  const { users } = db.tables
  const rows = await db
    .select()
    .from(users)
    .where(and(eq(users.role, role), eq(users.suspended, false)))
    .orderBy(asc(users.createdAt), asc(users.id))
    .limit(1)
  return rows[0] ?? null
}

/** A page of the tenant's users, oldest first; `contains` searches email and name, `emailDomains` limits the part after the @. */
export async function listUserRows(
  db: Db,
  scope: TenantScope,
  page: RowPage & {
    role?: Role | undefined
    emailDomains?: IdSet | undefined
  },
): Promise<UserRow[]> {
  const { users } = db.tables
  const { contains: text } = page
  return db
    .select()
    .from(users)
    .where(
      fromPage(
        users,
        scope,
        page,
        text === undefined ? undefined : or(contains(db, users.email, text), contains(db, users.name, text)),
        page.role === undefined ? undefined : eq(users.role, page.role),
        inDomains(users.email, page.emailDomains ?? 'all'),
      ),
    )
    .orderBy(asc(users.id))
    .limit(page.limit)
}

function inDomains(email: Column, domains: IdSet): SQL | undefined {
  if (domains === 'all') return undefined
  const any = (names: readonly string[]) => or(sql`1 = 0`, ...names.map((name) => endsWith(email, `@${name}`)))
  return 'except' in domains ? not(any(domains.except) ?? sql`1 = 0`) : any(domains)
}

/** The ids of the tenant's users with one of these roles. */
export async function findUserIdsOfRoles(db: Db, scope: TenantScope, roles: readonly Role[]): Promise<string[]> {
  if (roles.length === 0) return []
  const { users } = db.tables
  const rows = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.tenantId, scope.tenantId), inArray(users.role, [...roles])))
  return rows.map(({ id }) => id)
}

/** The number of the tenant's users who are not suspended, optionally only those with a role, or without one user. */
export async function countActiveUsers(
  db: Db,
  scope: TenantScope,
  which: { role?: Role | undefined; exceptId?: string | undefined } = {},
): Promise<number> {
  const { users } = db.tables
  return db.$count(
    users,
    and(
      eq(users.tenantId, scope.tenantId),
      eq(users.suspended, false),
      which.role === undefined ? undefined : eq(users.role, which.role),
      which.exceptId === undefined ? undefined : ne(users.id, which.exceptId),
    ),
  )
}

/** The changeable columns of a user. */
export type UserChange = RowChange<Tables['users'], 'loginEpoch'>

/** Changes a user and returns the new row; null when there is none. Throws like `insertUser` when the email is taken. */
export const updateUserRow = (db: Db, scope: TenantScope, id: string, change: UserChange): Promise<UserRow | null> =>
  updateRow(db, db.tables.users, scope, id, change)

/**
 * Removes a user with sessions, API keys and tags; true if they existed. Throws the foreign key violation while they have
 * mailboxes.
 */
export async function deleteUserRow(tx: Db, scope: TenantScope, id: string): Promise<boolean> {
  const gone = await deleteRow(tx, tx.tables.users, scope, id)
  if (gone) await deleteTagsOf(tx, { ...scope, ownerId: id })
  return gone
}
