import { and, type Column, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { lockedFree } from '../dialect/index.ts'
import { inPortions } from '../dialect/portions.ts'
import { IS_SENDING } from '../schema/delivery.ts'
import type { ClaimedDelivery, DeliveryRow } from './delivery-claim.ts'
import { lockDeliveries } from './delivery-lock.ts'
import { theseRows } from './scope.ts'

/** Prolongs the leases of attempts that go on. One that somebody else has meanwhile is prolonged too, which harms nobody. */
export async function renewLeases(
  db: Db,
  held: readonly Pick<DeliveryRow, 'tenantId' | 'id'>[],
  until: Date,
): Promise<void> {
  const { deliveries: d } = db.tables
  for (const some of inPortions([...held])) {
    await db.transaction(async (tx) => {
      const which = and(theseRows(d, some), sql.raw(IS_SENDING))
      // What is being written down needs no lease any more.
      const free = await lockedFree(tx, tx.select({ tenantId: d.tenantId, id: d.id }).from(d).where(which))
      if (free.length > 0) await tx.update(d).set({ leasedUntil: until }).where(theseRows(d, free))
    })
  }
}

/** Gives claimed deliveries back that were not tried after all, as if they had not been claimed. */
export async function returnClaims(db: Db, claimed: readonly ClaimedDelivery[]): Promise<void> {
  const { deliveries: d, deliveryAttempts: a } = db.tables
  if (claimed.length === 0) return
  const groups = Map.groupBy(claimed, ({ delivery: { fence, attempts } }) => `${fence} ${attempts}`)
  await db.transaction(async (tx) => {
    await lockDeliveries(
      tx,
      claimed.map(({ delivery }) => delivery),
    )
    for (const [one, ...others] of groups.values()) {
      if (one === undefined) continue
      const { fence, attempts } = one.delivery
      const rows = [one, ...others].map(({ delivery }) => delivery)
      const returned = await tx
        .update(d)
        .set({ state: attempts > 1 ? 'deferred' : 'queued', attempts: attempts - 1, leasedUntil: null })
        .where(and(theseRows(d, rows), eq(d.fence, fence), sql.raw(IS_SENDING)))
        .returning({ id: d.id })
      const ids = returned.map(({ id }) => id)
      await tx.delete(a).where(and(inTenants(a, rows), inArray(a.deliveryId, ids), eq(a.number, attempts)))
    }
  })
}

const inTenants = (table: { tenantId: Column }, rows: readonly { tenantId: string }[]) =>
  inArray(table.tenantId, [...new Set(rows.map(({ tenantId }) => tenantId))])

/**
 * Lets deliveries be tried again whose attempt did not renew its lease: its process died. Returns their domains. Should the attempt
 * still write its result, it counts as long as no other has begun.
 */
export async function releaseLapsed(db: Db, now: Date, limit: number): Promise<string[]> {
  const { deliveries: d } = db.tables
  const select = (on: Db, most: number) =>
    on
      .select({ tenantId: d.tenantId, id: d.id })
      .from(d)
      .where(and(sql.raw(IS_SENDING), lt(d.leasedUntil, now)))
      .limit(most)
  // Nearly always there is none, and nothing needs to be locked.
  if ((await select(db, 1)).length === 0) return []
  return db.transaction(async (tx) => {
    const lapsed = await lockedFree(tx, select(tx, limit))
    if (lapsed.length === 0) return []
    const freed = await tx
      .update(d)
      .set({ state: 'deferred', nextAttemptAt: now, leasedUntil: null })
      .where(theseRows(d, lapsed))
      .returning({ domain: d.domain })
    return [...new Set(freed.map(({ domain }) => domain))]
  })
}
