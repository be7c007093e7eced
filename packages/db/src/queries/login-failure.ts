import { and, asc, desc, eq, gt, lt } from 'drizzle-orm'
import type { Db } from '../client/db.ts'

/** When a wrong password was given, and from which address. */
export interface LoginFailure {
  address: string
  at: Date
}

/** A decision never needs more failures. */
const MOST = 200

/** Records a wrong password. `account` is the normalised login name, whether or not it exists. */
export async function insertLoginFailure(
  db: Db,
  failure: LoginFailure & { id: string; account: string },
): Promise<void> {
  await db.insert(db.tables.loginFailures).values(failure)
}

/** The latest wrong passwords of an account since a time, oldest first. */
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

/** Forgets the wrong passwords of an account, which unlocks it. */
export async function clearLoginFailures(db: Db, account: string): Promise<void> {
  const { loginFailures: f } = db.tables
  await db.delete(f).where(eq(f.account, account))
}

/** Removes failures from before a time. Returns how many. */
export async function pruneLoginFailures(db: Db, before: Date): Promise<number> {
  const { loginFailures: f } = db.tables
  const rows = await db.delete(f).where(lt(f.at, before)).returning({ id: f.id })
  return rows.length
}
