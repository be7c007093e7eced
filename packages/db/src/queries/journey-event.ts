import { foldStatuses, type JourneyStatus } from '@mairust/mail-core/journey'
import { and, eq, inArray } from 'drizzle-orm'
import { insertRows } from '../dialect/bulk.ts'
import type { Db } from '../client/db.ts'
import { createId } from '../id.ts'
import type { JourneyEventRow } from './journey-parts.ts'

/** A journey event after the reply. The creator escapes and truncates text from outside. */
export interface JourneyEventInput extends Omit<JourneyEventRow, 'id'> {
  /** The new status of the recipient; absent: unchanged. */
  readonly becomes?: { readonly status: JourneyStatus; readonly reply: string; readonly reason?: string } | undefined
}

/**
 * Adds events after the reply, such as delivery attempts, to journeys, oldest first, and updates the statuses of recipients and
 * journeys. Skips journeys pruned meanwhile.
 * @public
 */
export async function appendJourneyEvents(tx: Db, events: readonly JourneyEventInput[]): Promise<void> {
  const known = await existing(tx, events)
  const kept = events.filter((event) => known.has(keyOf(event)))
  await insertRows(tx, tx.tables.journeyEvents, kept.map(toRow))
  const { journeyRecipients: r } = tx.tables
  // In one order everywhere, so that transactions never wait in a circle.
  const ordered = kept.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  for (const { tenantId, journeyId, recipient, becomes } of ordered) {
    if (becomes === undefined || recipient === null) continue
    const { status, reply, reason = '' } = becomes
    await tx
      .update(r)
      .set({ status, reply, reason })
      .where(and(eq(r.tenantId, tenantId), eq(r.journeyId, journeyId), eq(r.address, recipient)))
  }
  const changed = new Map(ordered.filter(({ becomes }) => becomes !== undefined).map((event) => [keyOf(event), event]))
  for (const { tenantId, journeyId } of changed.values()) await foldJourney(tx, tenantId, journeyId)
}

const toRow = (event: JourneyEventInput): JourneyEventRow => ({
  tenantId: event.tenantId,
  journeyId: event.journeyId,
  id: createId('jev'),
  at: event.at,
  kind: event.kind,
  name: event.name,
  result: event.result,
  detail: event.detail,
  recipient: event.recipient,
})

const orderOf = (event: JourneyEventInput): string => `${keyOf(event)} ${event.recipient ?? ''}`

const keyOf = ({ tenantId, journeyId }: { tenantId: string; journeyId: string }): string => `${tenantId} ${journeyId}`

async function existing(tx: Db, events: readonly JourneyEventInput[]): Promise<ReadonlySet<string>> {
  const { journeys: j } = tx.tables
  const ids = [...new Set(events.map(({ journeyId }) => journeyId))]
  const rows = await tx.select({ tenantId: j.tenantId, journeyId: j.id }).from(j).where(inArray(j.id, ids))
  return new Set(rows.map(keyOf))
}

/** The status of a journey follows its recipients'. */
async function foldJourney(tx: Db, tenantId: string, journeyId: string): Promise<void> {
  const { journeys: j, journeyRecipients: r } = tx.tables
  const rows = await tx
    .selectDistinct({ status: r.status })
    .from(r)
    .where(and(eq(r.tenantId, tenantId), eq(r.journeyId, journeyId)))
  if (rows.length === 0) return
  const status = foldStatuses(
    rows.map((row) => row.status),
    'partial',
  )
  await tx
    .update(j)
    .set({ status })
    .where(and(eq(j.tenantId, tenantId), eq(j.id, journeyId)))
}
