import type { SiteState, TlsMemory } from '@mairust/mail-core/outbound'
import { and, asc, eq, gt, gte } from 'drizzle-orm'
import type { Changes } from '../changes/changes.ts'
import { tenantTopic } from '../changes/topics.ts'
import type { Db } from '../client/db.ts'
import { SYSTEM_TENANT } from '../schema/tenant.ts'

/** What is remembered of a site. */
export interface StoredSite {
  readonly key: string
  /** A domain that it serves. */
  readonly domain: string
  readonly state: SiteState
  readonly tls: TlsMemory
}

/** The topic of what holds up mail to others, of the whole installation. */
const TOPIC = tenantTopic('sending', SYSTEM_TENANT)

/** What is remembered of a site, or null. */
export async function findSite(db: Db, key: string): Promise<StoredSite | null> {
  const { deliverySites: s } = db.tables
  const [row] = await db.select().from(s).where(eq(s.key, key))
  return row === undefined ? null : toSite(row)
}

/** Remembers a site, in place of what was remembered of it. */
export async function putSite(db: Db, { key, domain, state, tls }: StoredSite, updatedAt: Date): Promise<void> {
  const { deliverySites: s } = db.tables
  const values = { domain, state, tlsLevel: tls.level, clearUntil: tls.clearUntil, updatedAt }
  await db
    .insert(s)
    .values({ key, ...values })
    .onConflictDoUpdate({ target: s.key, set: values })
}

/** A page of the sites, in the order of their keys, after the key `after`, or from the key `from` on. */
export async function listSites(
  db: Db,
  { limit, after, from }: { limit: number; after?: string | undefined; from?: string | undefined },
): Promise<StoredSite[]> {
  const { deliverySites: s } = db.tables
  const rows = await db
    .select()
    .from(s)
    .where(and(after === undefined ? undefined : gt(s.key, after), from === undefined ? undefined : gte(s.key, from)))
    .orderBy(asc(s.key))
    .limit(limit)
  return rows.map(toSite)
}

/**
 * Changes what is remembered of a site in the given transaction: the operator knows better. Whoever sends hears of it. Null when
 * nothing is remembered.
 */
export async function changeSite(
  tx: Db,
  changes: Pick<Changes, 'publish'>,
  key: string,
  change: (state: SiteState) => SiteState,
): Promise<StoredSite | null> {
  const site = await findSite(tx, key)
  if (site === null) return null
  const changed = { ...site, state: change(site.state) }
  const { deliverySites: s } = tx.tables
  await tx.update(s).set({ state: changed.state }).where(eq(s.key, key))
  await changes.publish(tx, TOPIC)
  return changed
}

const toSite = (row: Db['tables']['deliverySites']['$inferSelect']): StoredSite => ({
  key: row.key,
  domain: row.domain,
  state: row.state,
  tls: { level: row.tlsLevel, clearUntil: row.clearUntil },
})
