import { lt, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { AcceptItem, ReachedLimit, SendingLimit } from './accept-types.ts'

const HOUR = 3_600_000
const LENGTHS = { hour: HOUR, day: 24 * HOUR } as const

/**
 * Counts the items' recipients elsewhere against the limits of their senders, in the transaction that accepts them: of two nodes with
 * one recipient left exactly one accepts. Returns what keeps items from being accepted, by their index; of these nothing is counted.
 */
export async function takeSending(tx: Db, items: readonly AcceptItem[]): Promise<Map<number, ReachedLimit>> {
  const reached = new Map<number, ReachedLimit>()
  for (const [index, item] of items.entries()) {
    const limit = await take(tx, item)
    if (limit !== null) reached.set(index, limit)
  }
  return reached
}

/** Takes back what was counted of items that are not accepted after all. */
export async function giveBackSending(tx: Db, items: readonly AcceptItem[]): Promise<void> {
  for (const item of items) for (const limit of limitsOf(item)) await count(tx, item, limit, -recipientsOf(item))
}

/** Removes counts from before a time. */
export async function pruneSendingCounts(db: Db, before: Date): Promise<number> {
  const { sendingCounts: s } = db.tables
  return (await db.delete(s).where(lt(s.startedAt, before)).returning({ at: s.startedAt })).length
}

async function take(tx: Db, item: AcceptItem): Promise<ReachedLimit | null> {
  const recipients = recipientsOf(item)
  const taken: SendingLimit[] = []
  for (const limit of limitsOf(item)) {
    taken.push(limit)
    const total = await count(tx, item, limit, recipients)
    if (total <= limit.limit) continue
    for (const each of taken) await count(tx, item, each, -recipients)
    const resetAt = new Date(startOf(item, limit).getTime() + LENGTHS[limit.period])
    return { ...limit, left: Math.max(limit.limit - (total - recipients), 0), resetAt }
  }
  return null
}

/** In one order everywhere, so that transactions never wait in a circle. */
const limitsOf = (item: AcceptItem): readonly SendingLimit[] =>
  recipientsOf(item) === 0 ? [] : (item.limits ?? []).toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))

const orderOf = ({ scope, subject, period }: SendingLimit): string => `${scope} ${subject} ${period}`

const recipientsOf = ({ objects }: AcceptItem): number =>
  objects
    .flatMap(({ outgoing = [] }) => outgoing.flatMap(({ deliveries }) => deliveries))
    .filter(({ isDelivered = false }) => !isDelivered).length

const startOf = ({ journey: { startedAt } }: AcceptItem, { period }: SendingLimit): Date =>
  new Date(Math.floor(startedAt.getTime() / LENGTHS[period]) * LENGTHS[period])

/** Adds to a count. Returns what it is then. */
async function count(tx: Db, item: AcceptItem, limit: SendingLimit, recipients: number): Promise<number> {
  const { sendingCounts: s } = tx.tables
  const { scope, subject, period } = limit
  const key = { tenantId: item.journey.tenantId, scope, subject, period, startedAt: startOf(item, limit) }
  const [row] = await tx
    .insert(s)
    .values({ ...key, recipients })
    .onConflictDoUpdate({
      target: [s.tenantId, s.scope, s.subject, s.period, s.startedAt],
      set: { recipients: sql`${s.recipients} + ${recipients}` },
    })
    .returning({ recipients: s.recipients })
  return row?.recipients ?? 0
}
