import type { StsEntry } from '@mairust/mail-core/outbound'
import { eq } from 'drizzle-orm'
import type { Db } from '../client/db.ts'

/** What is known of a domain's MTA-STS policy. */
export interface StoredSts {
  readonly entry: StsEntry | null
  /** When a fetch last failed without an entry. */
  readonly failedAt: Date | null
}

/** What is known of the policy of a domain, in A-labels. */
export async function findSts(db: Db, domain: string): Promise<StoredSts> {
  const { stsPolicies: p } = db.tables
  const [row] = await db.select().from(p).where(eq(p.domain, domain))
  if (row === undefined) return { entry: null, failedAt: null }
  const { policy, recordId: id, fetchedAt, triedAt, failedAt } = row
  const isKnown = policy !== null && id !== null && fetchedAt !== null && triedAt !== null
  return { entry: isKnown ? { id, policy, fetchedAt, triedAt } : null, failedAt }
}

/** Remembers it, in place of what was known. */
export async function putSts(db: Db, domain: string, { entry, failedAt }: StoredSts, updatedAt: Date): Promise<void> {
  const { stsPolicies: p } = db.tables
  const values = {
    policy: entry?.policy ?? null,
    recordId: entry?.id ?? null,
    fetchedAt: entry?.fetchedAt ?? null,
    triedAt: entry?.triedAt ?? null,
    failedAt,
    updatedAt,
  }
  await db
    .insert(p)
    .values({ domain, ...values })
    .onConflictDoUpdate({ target: p.domain, set: values })
}
