import { and, asc, eq } from 'drizzle-orm'
import type { Changes } from '../changes/changes.ts'
import { tenantTopic } from '../changes/topics.ts'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'
import { SYSTEM_TENANT } from '../schema/tenant.ts'

export type DeliveryPause = Tables['deliveryPauses']['$inferSelect']

const TOPIC = tenantTopic('sending', SYSTEM_TENANT)

/** All that is paused, of all tenants. */
export function listPauses(db: Db): Promise<DeliveryPause[]> {
  const { deliveryPauses: p } = db.tables
  return db.select().from(p).orderBy(asc(p.createdAt))
}

/** What a pause is about. */
export type PauseKey = Pick<DeliveryPause, 'scope' | 'tenantId' | 'value'>

/** The pause of exactly this, or null. */
export async function findPause(db: Db, key: PauseKey): Promise<DeliveryPause | null> {
  const { deliveryPauses: p } = db.tables
  const [found] = await db.select().from(p).where(isPause(db, key))
  return found ?? null
}

/** Pauses mail in the given transaction, in place of an earlier pause of the same; whoever sends hears of it. */
export async function pauseMail(tx: Db, changes: Pick<Changes, 'publish'>, pause: DeliveryPause): Promise<void> {
  const { deliveryPauses: p } = tx.tables
  const { by, byRole, createdAt } = pause
  await tx
    .insert(p)
    .values(pause)
    .onConflictDoUpdate({ target: [p.scope, p.tenantId, p.value], set: { by, byRole, createdAt } })
  await changes.publish(tx, TOPIC)
}

/** Ends a pause in the given transaction. False when there is none. */
export async function resumeMail(tx: Db, changes: Pick<Changes, 'publish'>, key: PauseKey): Promise<boolean> {
  const { deliveryPauses: p } = tx.tables
  const ended = await tx.delete(p).where(isPause(tx, key)).returning({ scope: p.scope })
  await changes.publish(tx, TOPIC)
  return ended.length > 0
}

function isPause(db: Db, { scope, tenantId, value }: PauseKey) {
  const { deliveryPauses: p } = db.tables
  return and(eq(p.scope, scope), eq(p.tenantId, tenantId), eq(p.value, value))
}
