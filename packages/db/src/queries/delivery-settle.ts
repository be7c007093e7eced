import type { JourneyStatus, JourneyStepResult } from '@mairust/mail-core/journey'
import { and, eq, notInArray } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { type AttemptResult, DELIVERY_ENDS, type DeliveryState } from '../schema/delivery.ts'
import type { ClaimedDelivery } from './delivery-claim.ts'
import { lockDeliveries } from './delivery-lock.ts'
import { appendJourneyEvents } from './journey-event.ts'

/** What became of one recipient in an attempt. All text from outside is escaped and bounded. */
export interface AttemptOutcome {
  readonly claimed: ClaimedDelivery
  readonly result: AttemptResult
  /** The last words of the server, or ours about it, and the class of a refusal (else empty). */
  readonly reply: string
  readonly reason: string
  /** The server that had the last word, its address, and how the connection was encrypted; empty when there was none. */
  readonly host: string
  readonly remoteAddress: string
  readonly tls: string
  readonly conversation: string
  /** When it is tried again; of an end it is ignored. */
  readonly retryAt: Date
  /** Whether a refusal for good was taken as one for now. */
  readonly rescue: boolean
  /** Whether the sender is to be told if this is the end. */
  readonly report: boolean
}

/** The state of the delivery after an attempt, and of the recipient. `again` is no failure: the server wanted the rest in another transaction. */
const STATES = {
  delivered: 'delivered',
  bounced: 'bounced',
  deferred: 'deferred',
  again: 'queued',
} as const satisfies Record<AttemptResult, DeliveryState & JourneyStatus>

const STEPS = { delivered: 'ok', bounced: 'failed', deferred: 'deferred', again: 'info' } as const satisfies Record<
  AttemptResult,
  JourneyStepResult
>

/**
 * Writes down the results of attempts in the given transaction: states, attempts, and an event of the journey for each. A result counts
 * only while no later attempt has begun and the delivery has no end. Returns those that count.
 */
export async function settleDeliveries(
  tx: Db,
  outcomes: readonly AttemptOutcome[],
  now: Date,
): Promise<AttemptOutcome[]> {
  await lockDeliveries(
    tx,
    outcomes.map(({ claimed }) => claimed.delivery),
  )
  const counted: AttemptOutcome[] = []
  for (const outcome of outcomes) if (await settle(tx, outcome, now)) counted.push(outcome)
  await appendJourneyEvents(
    tx,
    counted.map(({ claimed: { delivery, outgoing }, result, reply, reason, host }) => ({
      tenantId: delivery.tenantId,
      journeyId: outgoing.journeyId,
      at: now,
      kind: 'attempt' as const,
      name: host === '' ? delivery.domain : host,
      result: STEPS[result],
      detail: reply,
      recipient: delivery.address,
      becomes: { status: STATES[result], reply, reason },
    })),
  )
  return counted
}

async function settle(tx: Db, outcome: AttemptOutcome, now: Date): Promise<boolean> {
  const { deliveries: d, deliveryAttempts: a } = tx.tables
  const { claimed, result, reply, reason, retryAt, rescue, report, host, remoteAddress, tls, conversation } = outcome
  const { tenantId, id, fence, attempts, failures, rescues } = claimed.delivery
  const isEnd = result === 'delivered' || result === 'bounced'
  const rows = await tx
    .update(d)
    .set({
      state: STATES[result],
      failures: result === 'again' || result === 'delivered' ? failures : failures + 1,
      rescues: rescue ? rescues + 1 : rescues,
      lastReply: reply,
      reason,
      leasedUntil: null,
      ...(isEnd ? { endedAt: now, reportedAt: report ? null : now } : { nextAttemptAt: retryAt }),
    })
    .where(and(eq(d.tenantId, tenantId), eq(d.id, id), eq(d.fence, fence), notInArray(d.state, [...DELIVERY_ENDS])))
    .returning({ id: d.id })
  if (rows.length === 0) return false
  await tx
    .update(a)
    .set({ endedAt: now, result, reply, host, remoteAddress, tls, conversation })
    .where(and(eq(a.tenantId, tenantId), eq(a.deliveryId, id), eq(a.number, attempts)))
  return true
}
