import { and, asc, eq, ne, or } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { contains, endsWith } from '../dialect.ts'
import type { Tables } from '../schema/define.ts'
import type { Role } from '../schema/user.ts'
import { only } from './row.ts'
import { fromPage, own, type RowPage } from './scope.ts'

/** A user as stored. */
export type UserRow = Tables['users']['$inferSelect']

/** Adds a user. Throws the unique violation (`users_email_key`) when any tenant has the email. */
export async function insertUser(
  db: Db,
  scope: { tenantId: string },
  user: Omit<UserRow, 'tenantId'>,
): Promise<UserRow> {
  const row = { ...user, tenantId: scope.tenantId }
  return only(await db.insert(db.tables.users).values(row).returning())
}

/** The tenant's user with this id, or null. */
export async function findUser(db: Db, scope: { tenantId: string }, id: string): Promise<UserRow | null> {
  const { users } = db.tables
  const rows = await db
    .select()
    .from(users)
    .where(own(users, scope, id))
  return rows[0] ?? null
}

/** The user who signs in with this (normalised) email, or null. Free of tenant: the email is what tells it. */
export async function findUserByEmail(db: Db, email: string): Promise<UserRow | null> {
  const { users } = db.tables
  const rows = await db.select().from(users).where(eq(users.email, email))
  return rows[0] ?? null
}

/** The oldest user with a role who is not suspended, over all tenants, or null. `super_admin`: whom the command line acts for. */
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

/**
 * A page of the tenant's users, oldest first; `contains` is looked for in email and name, `emailDomain` is what follows the @.
 */
export async function listUserRows(
  db: Db,
  scope: { tenantId: string },
  page: RowPage & {
    role?: Role | undefined
    emailDomain?: string | undefined
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
        page.emailDomain === undefined ? undefined : endsWith(users.email, `@${page.emailDomain}`),
      ),
    )
    .orderBy(asc(users.id))
    .limit(page.limit)
}

/** How many of the tenant's users are not suspended; with a role, and without one of them. */
export async function countActiveUsers(
  db: Db,
  scope: { tenantId: string },
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

/** Changes a user; true when it is there. Throws like `insertUser` when the email is taken. */
export async function updateUserRow(
  db: Db,
  scope: { tenantId: string },
  id: string,
  change: Partial<Omit<UserRow, 'createdAt'>>,
): Promise<boolean> {
  const { users } = db.tables
  const { email, name, role, passwordHash, suspended, updatedAt } = change
  const rows = await db
    .update(users)
    .set({ email, name, role, passwordHash, suspended, updatedAt })
    .where(own(users, scope, id))
    .returning({ id: users.id })
  return rows.length > 0
}

/** Sets a password's hash. */
export async function setPasswordHash(
  db: Db,
  scope: { tenantId: string },
  id: string,
  passwordHash: string,
): Promise<void> {
  const { users } = db.tables
  await db
    .update(users)
    .set({ passwordHash })
    .where(own(users, scope, id))
}

/** Removes a user with sessions and API keys; true when it was there. Throws the foreign key violation while it has mailboxes. */
export async function deleteUserRow(db: Db, scope: { tenantId: string }, id: string): Promise<boolean> {
  const { users } = db.tables
  const rows = await db
    .delete(users)
    .where(own(users, scope, id))
    .returning({ id: users.id })
  return rows.length > 0
}
