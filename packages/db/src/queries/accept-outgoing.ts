import { insertRows } from '../dialect/bulk.ts'
import type { Db } from '../client/db.ts'
import type { AcceptItem } from './accept-types.ts'

/**
 * Writes what accepted messages send to other servers: a row for each set of bytes, and one for each recipient. Returns the tenants
 * that send something.
 */
export async function acceptOutgoing(tx: Db, items: readonly AcceptItem[]): Promise<string[]> {
  const sent = items.flatMap(({ journey, objects }) =>
    objects.flatMap((object) => (object.outgoing ?? []).map((outgoing) => ({ journey, object, outgoing }))),
  )
  if (sent.length === 0) return []
  await insertRows(
    tx,
    tx.tables.outgoing,
    sent.map(({ journey, object: { blobKey, size, index }, outgoing }) => ({
      ...outgoing,
      journeyId: journey.id,
      blobKey,
      size,
      messageIdHeader: index.messageId,
      createdAt: journey.startedAt,
    })),
  )
  await insertRows(
    tx,
    tx.tables.deliveries,
    sent.flatMap(({ journey, outgoing: { tenantId, id, deliveries } }) =>
      deliveries.map(({ isDelivered = false, ...delivery }) => ({
        ...delivery,
        tenantId,
        outgoingId: id,
        state: isDelivered ? ('delivered' as const) : ('queued' as const),
        attempts: 0,
        failures: 0,
        rescues: 0,
        lastReply: '',
        reason: '',
        leasedUntil: null,
        fence: 0,
        endedAt: isDelivered ? journey.startedAt : null,
        noticedAt: null,
        reportedAt: null,
        createdAt: journey.startedAt,
      })),
    ),
  )
  return [...new Set(sent.map(({ outgoing }) => outgoing.tenantId))]
}
