import { and, asc, count, desc, eq, gt, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { IS_OPEN } from '../schema/delivery.ts'
import { type DeliveryView, isInView } from './delivery-view.ts'

/** Mail that waits, by age. */
export interface QueueAges {
  readonly total: number
  /** How many came after each of the asked times; in their order. */
  readonly since: readonly number[]
}

export interface QueueShape extends QueueAges {
  /** How many domains there are, and those with the most mail, these first. */
  readonly domainCount: number
  readonly domains: readonly (QueueAges & { readonly domain: string })[]
}

/** Counts what is in view and has no end, by domain and age. */
export async function queueShape(
  db: Db,
  view: DeliveryView,
  { since, limit }: { since: readonly Date[]; limit: number },
): Promise<QueueShape> {
  const { deliveries: d, outgoing: o } = db.tables
  const ages = Object.fromEntries(
    since.map((time, at) => [`after${at}`, count(sql`case when ${gt(d.createdAt, time)} then 1 end`)]),
  )
  const total = count()
  const isMessage = and(eq(o.tenantId, d.tenantId), eq(o.id, d.outgoingId))
  const isShown = and(eq(d.tenantId, view.tenantId), sql.raw(IS_OPEN), isInView(db, view))
  const [whole] = await db
    .select({ total, domainCount: sql<number>`count(distinct ${d.domain})`.mapWith(Number), ...ages })
    .from(d)
    .innerJoin(o, isMessage)
    .where(isShown)
  const rows = await db
    .select({ total, domain: d.domain, ...ages })
    .from(d)
    .innerJoin(o, isMessage)
    .where(isShown)
    .groupBy(d.domain)
    .orderBy(desc(total), asc(d.domain))
    .limit(limit)
  const sinceOf = (row: object): number[] => since.map((_, at) => Number(Reflect.get(row, `after${at}`)))
  return {
    total: whole?.total ?? 0,
    domainCount: whole?.domainCount ?? 0,
    since: sinceOf(whole ?? {}),
    domains: rows.map((row) => ({ domain: row.domain, total: row.total, since: sinceOf(row) })),
  }
}
