import type { JourneyStatus, JourneyStepResult } from '@mairust/mail-core/journey'
import { and, eq, gt, inArray, type SQL } from 'drizzle-orm'
import type { Changes } from '../changes/changes.ts'
import { tenantTopic } from '../changes/topics.ts'
import type { Db } from '../client/db.ts'
import type { DeliveryAction, DeliveryState } from '../names.ts'
import type { DeliveryRow } from './delivery-claim.ts'
import { lockDeliveries } from './delivery-lock.ts'
import { appendJourneyEvents } from './journey-event.ts'
import type { TenantScope } from './scope.ts'

interface Rule {
  readonly from: readonly DeliveryState[]
  /** The state after it; null: the one before. */
  readonly to: DeliveryState | null
  /** Whether it is to be tried at once. */
  readonly isDue: boolean
  readonly step: { readonly result: JourneyStepResult; readonly becomes?: JourneyStatus }
}

const WAITING: readonly DeliveryState[] = ['queued', 'deferred']
const RULES: Readonly<Record<DeliveryAction, Rule>> = {
  retry: { from: WAITING, to: null, isDue: true, step: { result: 'info' } },
  hold: { from: WAITING, to: 'held', isDue: false, step: { result: 'info' } },
  // It keeps its attempts: a first one is not made twice.
  release: { from: ['held'], to: 'queued', isDue: true, step: { result: 'info', becomes: 'queued' } },
  cancel: {
    from: [...WAITING, 'held'],
    to: 'cancelled',
    isDue: false,
    step: { result: 'skipped', becomes: 'cancelled' },
  },
  bounce: { from: [...WAITING, 'held'], to: 'bounced', isDue: false, step: { result: 'failed', becomes: 'bounced' } },
}

/** The condition that the action changes a delivery: its state allows it, and a retry is not due already. */
export function isChangedBy(db: Db, action: DeliveryAction, now: Date): SQL | undefined {
  const { deliveries: d } = db.tables
  const { from, to, isDue } = RULES[action]
  return and(inArray(d.state, [...from]), isDue && to === null ? gt(d.nextAttemptAt, now) : undefined)
}

/** An action on some deliveries of a tenant, and who does it. */
export interface DeliveryChange {
  readonly ids: readonly string[]
  readonly action: DeliveryAction
  /** Shown in the journey: who asked for it. */
  readonly by: string
  readonly now: Date
}

/**
 * Does it to those of the deliveries whose state allows it, in the given transaction, and tells their journeys, and whoever sends. An attempt that runs is
 * left alone, and so is an end. Returns the changed rows.
 */
export async function changeDeliveries(
  tx: Db,
  changes: Pick<Changes, 'publish'>,
  { tenantId }: TenantScope,
  { ids, action, by, now }: DeliveryChange,
): Promise<DeliveryRow[]> {
  const { deliveries: d, outgoing: o } = tx.tables
  const { from, to, isDue, step } = RULES[action]
  const isEnd = to === 'cancelled' || to === 'bounced'
  await lockDeliveries(
    tx,
    ids.map((id) => ({ tenantId, id })),
  )
  const changed = await tx
    .update(d)
    .set({
      ...(to === null ? {} : { state: to }),
      ...(isDue ? { nextAttemptAt: now } : {}),
      ...(isEnd ? { endedAt: now } : {}),
      // Whoever cancels knows it.
      ...(to === 'cancelled' ? { reportedAt: now } : {}),
    })
    .where(and(eq(d.tenantId, tenantId), inArray(d.id, [...ids]), inArray(d.state, [...from])))
    .returning()
  if (changed.length === 0) return []
  const messages = await tx
    .select({ id: o.id, journeyId: o.journeyId })
    .from(o)
    .where(and(eq(o.tenantId, tenantId), inArray(o.id, [...new Set(changed.map(({ outgoingId }) => outgoingId))])))
  const journeys = new Map(messages.map(({ id, journeyId }) => [id, journeyId]))
  await appendJourneyEvents(
    tx,
    changed.map(({ outgoingId, address, lastReply, reason }) => ({
      tenantId,
      journeyId: journeys.get(outgoingId) ?? '',
      at: now,
      kind: 'queue' as const,
      name: action,
      result: step.result,
      detail: `by ${by}`,
      recipient: address,
      ...(step.becomes === undefined ? {} : { becomes: { status: step.becomes, reply: lastReply, reason } }),
    })),
  )
  if (isDue) await changes.publish(tx, tenantTopic('queue', tenantId))
  return changed
}
