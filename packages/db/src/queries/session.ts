import type { TenantScope } from './scope.ts'
import { and, desc, eq, gt, lt, ne, or, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'

/** A session as stored. */
export type SessionRow = Tables['sessions']['$inferSelect']

/** Adds a session. */
export async function insertSession(tx: Db, scope: TenantScope, row: Omit<SessionRow, 'tenantId'>): Promise<void> {
  await tx.insert(tx.tables.sessions).values({ ...row, tenantId: scope.tenantId })
}

/** The sessions of a user that are neither expired nor idle since `idleSince`, most recently used first. */
export async function listLiveSessionRows(
  db: Db,
  scope: TenantScope,
  userId: string,
  limits: { now: Date; idleSince: Date },
): Promise<SessionRow[]> {
  const { sessions: s } = db.tables
  return db
    .select()
    .from(s)
    .where(
      and(
        eq(s.tenantId, scope.tenantId),
        eq(s.userId, userId),
        gt(s.expiresAt, limits.now),
        gt(s.lastSeenAt, limits.idleSince),
      ),
    )
    .orderBy(desc(s.lastSeenAt), desc(s.id))
    .limit(500)
}

/** Records a use of the session. */
export async function touchSession(db: Db, scope: TenantScope, id: string, at: Date): Promise<void> {
  const { sessions: s } = db.tables
  await db
    .update(s)
    .set({ lastSeenAt: at })
    .where(and(eq(s.tenantId, scope.tenantId), eq(s.id, id), lt(s.lastSeenAt, at)))
}

/** Ends a session of a user; true if it existed. */
export async function deleteSessionRow(tx: Db, scope: TenantScope, userId: string, id: string): Promise<boolean> {
  const { sessions: s } = tx.tables
  const rows = await tx
    .delete(s)
    .where(and(eq(s.tenantId, scope.tenantId), eq(s.userId, userId), eq(s.id, id)))
    .returning({ id: s.id })
  return rows.length > 0
}

/** Ends all logins of a user: sessions except `except`, and those over SMTP. */
export async function endLogins(
  tx: Db,
  scope: TenantScope,
  userId: string,
  { except }: { except?: string | null } = {},
): Promise<void> {
  const { sessions: s, users: u } = tx.tables
  await tx
    .update(u)
    .set({ loginEpoch: sql`${u.loginEpoch} + 1` })
    .where(and(eq(u.tenantId, scope.tenantId), eq(u.id, userId)))
  const others = typeof except === 'string' ? ne(s.id, except) : undefined
  await tx.delete(s).where(and(eq(s.tenantId, scope.tenantId), eq(s.userId, userId), others))
}

/** Removes expired or idle sessions of all tenants. Returns how many. */
export async function pruneSessions(db: Db, limits: { now: Date; idleSince: Date }): Promise<number> {
  const { sessions: s } = db.tables
  const rows = await db
    .delete(s)
    .where(or(lt(s.expiresAt, limits.now), lt(s.lastSeenAt, limits.idleSince)))
    .returning({ id: s.id })
  return rows.length
}
