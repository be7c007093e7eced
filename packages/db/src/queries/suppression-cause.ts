import { isBounceClass } from '@mairust/mail-core/bounce'
import {
  isExempt,
  SOFT_DAYS,
  SOFT_IN_A_ROW,
  type SuppressionExemptions,
  weightOf,
} from '@mairust/mail-core/suppression'
import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { createId } from '../id.ts'
import type { SuppressionScope } from '../names.ts'
import { insertAuditEntry } from './audit.ts'
import { tenantScope } from './scope.ts'
import { findSameSuppression, putSuppression } from './suppression.ts'

/** What speaks against sending to an address again, as far as it is proved to be about mail of ours. */
export interface SuppressionCause {
  readonly tenantId: string
  readonly address: string
  readonly scope: SuppressionScope
  readonly value: string
  readonly reason: string
  /** The words of a server, escaped and bounded. */
  readonly detail: string
  readonly journeyId: string
  readonly deliveryId: string
  /** Null: it does not end. */
  readonly expiresAt: Date | null
}

/** The end of a delivery that failed. `reason` is its class. */
export interface FailedDelivery {
  readonly tenantId: string
  readonly id: string
  readonly address: string
  readonly journeyId: string
  readonly reason: string
  readonly reply: string
}

/** Local parts that are never suppressed, and now. */
export interface CauseTerms {
  readonly localParts: SuppressionExemptions['localParts']
  readonly now: Date
}

const DAY = 86_400_000

/**
 * Suppresses the recipients of deliveries that have just failed, in the transaction that writes that down: where nobody is there at once,
 * and where that may change after three in a row, for a while (O50).
 */
export async function suppressFailed(
  tx: Db,
  failed: readonly FailedDelivery[],
  terms: CauseTerms,
): Promise<SuppressionCause[]> {
  const causes: SuppressionCause[] = []
  for (const one of failed) {
    const weight = isBounceClass(one.reason) ? weightOf(one.reason) : 'none'
    const isCause = weight === 'hard' || (weight === 'soft' && (await isInARow(tx, one)))
    if (!isCause) continue
    const { tenantId, address, journeyId, reason } = one
    const expiresAt = weight === 'hard' ? null : new Date(terms.now.getTime() + SOFT_DAYS * DAY)
    const about = { scope: 'all', value: '', detail: one.reply, deliveryId: one.id } as const
    causes.push({ tenantId, address, journeyId, reason, expiresAt, ...about })
  }
  return suppress(tx, causes, terms)
}

/** Suppresses addresses for their causes, each with an audit entry. What holds longer already is left as it is. Returns what is new. */
export async function suppress(
  tx: Db,
  causes: readonly SuppressionCause[],
  { localParts, now }: CauseTerms,
): Promise<SuppressionCause[]> {
  const made: SuppressionCause[] = []
  // In one order everywhere, so that transactions never wait in a circle.
  for (const cause of causes.toSorted((a, b) => (a.address < b.address ? -1 : 1))) {
    if (isExempt(cause.address, '', { localParts, streams: [] })) continue
    const { tenantId, ...about } = cause
    const scope = tenantScope(tenantId)
    const row = { ...about, id: createId('sup'), by: 'system', createdAt: now }
    const existing = await findSameSuppression(tx, scope, row)
    if (existing !== null && (existing.expiresAt === null || cause.expiresAt !== null)) continue
    const put = await putSuppression(tx, scope, row)
    await insertAuditEntry(tx, scope, entryOf(cause, put.row.id, now))
    made.push(cause)
  }
  return made
}

/** Whether this was the last of so many soft failures of mail to the address, without one that arrived between. */
async function isInARow(tx: Db, { tenantId, address }: FailedDelivery): Promise<boolean> {
  const { deliveries: d } = tx.tables
  const ends = await tx
    .select({ state: d.state, reason: d.reason })
    .from(d)
    .where(and(eq(d.tenantId, tenantId), eq(d.address, address), inArray(d.state, ['delivered', 'bounced'])))
    .orderBy(desc(d.endedAt), desc(d.id))
    .limit(SOFT_IN_A_ROW)
  return (
    ends.length === SOFT_IN_A_ROW &&
    ends.every(({ state, reason }) => state === 'bounced' && isBounceClass(reason) && weightOf(reason) !== 'none')
  )
}

function entryOf(cause: SuppressionCause, id: string, now: Date) {
  const { address, scope, value, reason, detail, journeyId, deliveryId, expiresAt } = cause
  return {
    id: createId('aud'),
    at: now,
    actorKind: 'system' as const,
    actorId: null,
    actorName: 'system',
    actorRole: 'super_admin' as const,
    action: 'suppression.create',
    targetType: 'suppression',
    targetId: id,
    before: null,
    after: {
      id,
      address,
      scope,
      domain: scope === 'domain' ? value : null,
      stream: scope === 'stream' ? value : null,
      reason,
      detail,
      journey_id: journeyId,
      delivery_id: deliveryId,
      expires_at: expiresAt?.toISOString() ?? null,
    },
    ip: 'local',
    requestId: 'system',
  }
}
