import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { IdSet } from './id-set.ts'
import { heldSince } from './mailbox-address.ts'
import { among, type TenantScope } from './scope.ts'

/** That a journey left copies in mailboxes of a domain. */
export interface JourneyCopies {
  readonly journeyId: string
  /** Null for mailboxes that had another address then. */
  readonly domain: string | null
}

/** In which domains these journeys left copies that are still there, among these mailboxes. */
export function copiesOfJourneys(
  db: Db,
  { tenantId }: TenantScope,
  { ids, of }: { readonly ids: readonly string[]; readonly of: IdSet },
): Promise<JourneyCopies[]> {
  const { journeys: j, messages: m, mailboxes: b, domains: d } = db.tables
  const domain = sql<string | null>`case when ${heldSince(b)} <= ${j.startedAt} then ${d.name} end`
  return db
    .selectDistinct({ journeyId: m.journeyId, domain })
    .from(m)
    .innerJoin(j, and(eq(j.tenantId, m.tenantId), eq(j.id, m.journeyId)))
    .innerJoin(b, and(eq(b.tenantId, m.tenantId), eq(b.id, m.mailboxId)))
    .innerJoin(d, and(eq(d.tenantId, b.tenantId), eq(d.id, b.domainId)))
    .where(and(eq(m.tenantId, tenantId), inArray(m.journeyId, [...ids]), among(m.mailboxId, of)))
}
