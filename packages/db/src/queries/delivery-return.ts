import { and, inArray } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { DeliveryState } from '../names.ts'
import type { DeliveryRow } from './delivery-claim.ts'
import { lockDeliveries } from './delivery-lock.ts'
import { appendJourneyEvents } from './journey-event.ts'
import { theseRows } from './scope.ts'
import type { FailedDelivery } from './suppression-cause.ts'

/** What a server says of mail that it, or another one, had taken. All text from outside is escaped and bounded. */
export interface ReturnedDelivery {
  readonly delivery: DeliveryRow
  readonly journeyId: string
  /** Its class. */
  readonly reason: string
  readonly reply: string
  /** The server that says so, or what stands for it. */
  readonly host: string
}

/**
 * States that a bounce ends. `delivered` says that a server had taken the mail, which may turn out later; the other ends stay: nothing
 * ends twice. What seems to wait still was taken too, by a server whose 250 did not reach us.
 */
const RETURNABLE: readonly DeliveryState[] = ['queued', 'sending', 'deferred', 'held', 'delivered']

/**
 * Ends deliveries whose mail has come back as `bounced`, in the given transaction, and tells their journeys; their senders are told as of
 * any end. Returns those that it ended.
 */
export async function returnDeliveries(
  tx: Db,
  returned: readonly ReturnedDelivery[],
  now: Date,
): Promise<FailedDelivery[]> {
  const { deliveries: d } = tx.tables
  await lockDeliveries(
    tx,
    returned.map(({ delivery }) => delivery),
  )
  const ended: ReturnedDelivery[] = []
  for (const one of returned) {
    const { reason, reply, host } = one
    const rows = await tx
      .update(d)
      .set({
        state: 'bounced',
        reason,
        lastReply: reply,
        returnedBy: host,
        leasedUntil: null,
        endedAt: now,
        reportedAt: null,
      })
      .where(and(theseRows(d, [one.delivery]), inArray(d.state, [...RETURNABLE])))
      .returning({ id: d.id })
    if (rows.length > 0) ended.push(one)
  }
  await appendJourneyEvents(
    tx,
    ended.map(({ delivery, journeyId, reason, reply, host }) => ({
      tenantId: delivery.tenantId,
      journeyId,
      at: now,
      kind: 'bounce' as const,
      name: host,
      result: 'failed' as const,
      detail: reply,
      recipient: delivery.address,
      becomes: { status: 'bounced' as const, reply, reason },
    })),
  )
  return ended.map(({ delivery: { tenantId, id, address }, journeyId, reason, reply }) => ({
    tenantId,
    id,
    address,
    journeyId,
    reason,
    reply,
  }))
}
