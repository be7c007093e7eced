import { and, asc, count, desc, eq, getTableColumns, inArray, lt, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'
import type { DeliveryAction, DeliveryState } from '../names.ts'
import { IS_OPEN } from '../schema/delivery.ts'
import type { DeliveryRow, OutgoingRow } from './delivery-claim.ts'
import { isChangedBy } from './delivery-control.ts'
import { type DeliveryView, isInView } from './delivery-view.ts'
import type { TenantScope } from './scope.ts'

export type AttemptRow = Tables['deliveryAttempts']['$inferSelect']

/** A delivery as the queue shows it. */
export type QueuedDelivery = DeliveryRow & Pick<OutgoingRow, 'journeyId' | 'userId' | 'sender' | 'messageIdHeader'>

/** Which deliveries; all conditions given must hold. Addresses are normalised. */
export interface DeliveryFilter {
  readonly ids?: readonly string[] | undefined
  readonly state?: DeliveryState | undefined
  readonly domain?: string | undefined
  readonly recipient?: string | undefined
  readonly sender?: string | undefined
  readonly journeyId?: string | undefined
  /** Only those that the action would change at this time. */
  readonly changedBy?: { readonly action: DeliveryAction; readonly now: Date } | undefined
}

/** A page of the deliveries in view that match, the newest first, after the one with the id `after`. */
export function listDeliveries(
  db: Db,
  view: DeliveryView,
  filter: DeliveryFilter,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<QueuedDelivery[]> {
  const { deliveries: d, outgoing: o } = db.tables
  const { ids, state, domain, recipient, sender, journeyId, changedBy } = filter
  return db
    .select({
      ...getTableColumns(d),
      journeyId: o.journeyId,
      userId: o.userId,
      sender: o.sender,
      messageIdHeader: o.messageIdHeader,
    })
    .from(d)
    .innerJoin(o, and(eq(o.tenantId, d.tenantId), eq(o.id, d.outgoingId)))
    .where(
      and(
        eq(d.tenantId, view.tenantId),
        ids === undefined ? undefined : inArray(d.id, [...ids]),
        state === undefined ? undefined : eq(d.state, state),
        domain === undefined ? undefined : eq(d.domain, domain),
        recipient === undefined ? undefined : eq(d.address, recipient),
        sender === undefined ? undefined : eq(o.sender, sender),
        journeyId === undefined ? undefined : eq(o.journeyId, journeyId),
        changedBy === undefined ? undefined : isChangedBy(db, changedBy.action, changedBy.now),
        after === undefined ? undefined : lt(d.id, after),
        isInView(db, view),
      ),
    )
    .orderBy(desc(d.id))
    .limit(limit)
}

/** The delivery with this id, or null when there is none in view. */
export async function findDelivery(db: Db, view: DeliveryView, id: string): Promise<QueuedDelivery | null> {
  const [found] = await listDeliveries(db, view, { ids: [id] }, { limit: 1 })
  return found ?? null
}

/** The attempts of a delivery, in order. */
export function attemptsOf(db: Db, { tenantId }: TenantScope, deliveryId: string): Promise<AttemptRow[]> {
  const { deliveryAttempts: a } = db.tables
  return db
    .select()
    .from(a)
    .where(and(eq(a.tenantId, tenantId), eq(a.deliveryId, deliveryId)))
    .orderBy(asc(a.number))
}

/** How many deliveries of all tenants are in each state that is no end; states without any are left out. */
export async function queueLengths(db: Db): Promise<Partial<Record<DeliveryState, number>>> {
  const { deliveries: d } = db.tables
  const rows = await db.select({ state: d.state, length: count() }).from(d).where(sql.raw(IS_OPEN)).groupBy(d.state)
  return Object.fromEntries(rows.map(({ state, length }) => [state, length]))
}
