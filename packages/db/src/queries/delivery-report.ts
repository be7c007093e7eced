import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { IS_UNREPORTED, IS_WAITING } from '../schema/delivery.ts'
import type { DeliveryRow, OutgoingRow } from './delivery-claim.ts'
import type { AttemptRow } from './delivery.ts'
import { lockDeliveries } from './delivery-lock.ts'
import { theseRows } from './scope.ts'

/** A message of which its sender has to be told something, and about which recipients. */
export interface Reportable {
  readonly outgoing: OutgoingRow
  readonly recipients: readonly { readonly delivery: DeliveryRow; readonly lastAttempt: AttemptRow | null }[]
}

/** Messages with recipients whose mail came to its end before a time, and whose senders may have to be told, the oldest first. */
export function endedUnreported(db: Db, before: Date, limit: number): Promise<Reportable[]> {
  const { deliveries: d } = db.tables
  return reportable(db, and(sql.raw(IS_UNREPORTED), lte(d.endedAt, before)), limit)
}

/** Messages that have waited since before a time for recipients of whom nobody was told that they are late. */
export function lateUnnoticed(db: Db, before: Date, limit: number): Promise<Reportable[]> {
  const { deliveries: d } = db.tables
  return reportable(db, and(sql.raw(`${IS_WAITING} and noticed_at is null`), lte(d.createdAt, before)), limit)
}

async function reportable(db: Db, which: ReturnType<typeof and>, limit: number): Promise<Reportable[]> {
  const { deliveries: d, outgoing: o, deliveryAttempts: a } = db.tables
  const due = await db.select({ tenantId: d.tenantId, id: d.id }).from(d).where(which).orderBy(asc(d.id)).limit(limit)
  if (due.length === 0) return []
  const rows = await db
    .select({ delivery: d, outgoing: o, lastAttempt: a })
    .from(d)
    .innerJoin(o, and(eq(o.tenantId, d.tenantId), eq(o.id, d.outgoingId)))
    .leftJoin(a, and(eq(a.tenantId, d.tenantId), eq(a.deliveryId, d.id), eq(a.number, d.attempts)))
    .where(theseRows(d, due))
    .orderBy(asc(d.id))
  const byMessage = Map.groupBy(rows, ({ outgoing }) => `${outgoing.tenantId} ${outgoing.id}`)
  return [...byMessage.values()].flatMap((recipients) => {
    const [first] = recipients
    return first === undefined ? [] : [{ outgoing: first.outgoing, recipients }]
  })
}

/** Notes that it is decided whether the sender of these is told of their end, or that they are late. */
export async function markReported(
  tx: Db,
  { recipients }: Pick<Reportable, 'recipients'>,
  what: 'reportedAt' | 'noticedAt',
  now: Date,
): Promise<void> {
  const { deliveries: d } = tx.tables
  const rows = recipients.map(({ delivery }) => delivery)
  await lockDeliveries(tx, rows)
  await tx
    .update(d)
    .set({ [what]: now })
    .where(and(theseRows(d, rows), isNull(d[what])))
}
