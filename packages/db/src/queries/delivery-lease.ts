import { and, eq, lt, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { lockedFree } from '../dialect/index.ts'
import { inPortions } from '../dialect/portions.ts'
import { IS_SENDING } from '../schema/delivery.ts'
import type { ClaimedDelivery, DeliveryRow } from './delivery-claim.ts'
import { theseRows } from './scope.ts'

/** Prolongs the leases of attempts that go on. One that somebody else has meanwhile is prolonged too, which harms nobody. */
export async function renewLeases(
  db: Db,
  held: readonly Pick<DeliveryRow, 'tenantId' | 'id'>[],
  until: Date,
): Promise<void> {
  const { deliveries: d } = db.tables
  for (const some of inPortions([...held])) {
    await db
      .update(d)
      .set({ leasedUntil: until })
      .where(and(theseRows(d, some), sql.raw(IS_SENDING)))
  }
}

/** Gives claimed deliveries back that were not tried after all, as if they had not been claimed. */
export async function returnClaims(db: Db, claimed: readonly ClaimedDelivery[]): Promise<void> {
  const { deliveries: d, deliveryAttempts: a } = db.tables
  if (claimed.length === 0) return
  await db.transaction(async (tx) => {
    for (const { delivery } of claimed) {
      const { tenantId, id, fence, attempts } = delivery
      const returned = await tx
        .update(d)
        .set({ state: attempts > 1 ? 'deferred' : 'queued', attempts: attempts - 1, leasedUntil: null })
        .where(and(eq(d.tenantId, tenantId), eq(d.id, id), eq(d.fence, fence), sql.raw(IS_SENDING)))
        .returning({ id: d.id })
      if (returned.length === 0) continue
      await tx.delete(a).where(and(eq(a.tenantId, tenantId), eq(a.deliveryId, id), eq(a.number, attempts)))
    }
  })
}

/**
 * Lets deliveries be tried again whose attempt did not renew its lease: its process died. Returns their domains. Should the attempt
 * still write its result, it counts as long as no other has begun.
 */
export async function releaseLapsed(db: Db, now: Date, limit: number): Promise<string[]> {
  const { deliveries: d } = db.tables
  return db.transaction(async (tx) => {
    const lapsed = await lockedFree(
      tx,
      tx
        .select({ tenantId: d.tenantId, id: d.id })
        .from(d)
        .where(and(sql.raw(IS_SENDING), lt(d.leasedUntil, now)))
        .limit(limit),
    )
    if (lapsed.length === 0) return []
    const freed = await tx
      .update(d)
      .set({ state: 'deferred', nextAttemptAt: now, leasedUntil: null })
      .where(theseRows(d, lapsed))
      .returning({ domain: d.domain })
    return [...new Set(freed.map(({ domain }) => domain))]
  })
}
