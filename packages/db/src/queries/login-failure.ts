import { and, asc, desc, eq, gt, lt } from 'drizzle-orm'
import type { Db } from '../client/db.ts'

/** A wrong password: when, and from which address. */
export interface LoginFailure {
  address: string
  at: Date
}

/** More failures than this are never needed to decide. */
const MOST = 200

/** Notes a wrong password. `account` is the normalised login name, whether or not it exists. */
export async function insertLoginFailure(
  db: Db,
  failure: LoginFailure & { id: string; account: string },
): Promise<void> {
  await db.insert(db.tables.loginFailures).values(failure)
}

/** The latest wrong passwords of an account since a moment, oldest first. */
export async function listLoginFailures(db: Db, account: string, since: Date): Promise<LoginFailure[]> {
  const { loginFailures: f } = db.tables
  const rows = await db
    .select({ address: f.address, at: f.at })
    .from(f)
    .where(and(eq(f.account, account), gt(f.at, since)))
    .orderBy(desc(f.at), asc(f.id))
    .limit(MOST)
  return rows.reverse()
}

/** Forgets the wrong passwords of an account: the way out of a lock. */
export async function clearLoginFailures(db: Db, account: string): Promise<void> {
  const { loginFailures: f } = db.tables
  await db.delete(f).where(eq(f.account, account))
}

/** Removes failures older than a moment. Returns how many. */
export async function pruneLoginFailures(db: Db, before: Date): Promise<number> {
  const { loginFailures: f } = db.tables
  const rows = await db.delete(f).where(lt(f.at, before)).returning({ id: f.id })
  return rows.length
}
