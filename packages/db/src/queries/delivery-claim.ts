import { and, asc, eq, inArray, lt, lte, min, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { insertRows } from '../dialect/bulk.ts'
import { lockedFree } from '../dialect/index.ts'
import type { Tables } from '../schema/define.ts'
import { IS_OPEN, IS_SENDING, IS_WAITING } from '../schema/delivery.ts'
import { theseRows } from './scope.ts'

export type DeliveryRow = Tables['deliveries']['$inferSelect']
export type OutgoingRow = Tables['outgoing']['$inferSelect']

/** A delivery that an attempt has, until its lease ends, and the message. */
export interface ClaimedDelivery {
  readonly delivery: DeliveryRow
  readonly outgoing: OutgoingRow
}

/** What an attempt takes: deliveries to one domain, of all tenants, that are due at `now`. */
export interface Claim {
  readonly domain: string
  readonly now: Date
  readonly limit: number
  /** How long nobody else may try them. */
  readonly leaseMs: number
}

/**
 * Takes deliveries that are due, the longest due first, and writes down that they are attempted: before any connection, so that no
 * crash hides an attempt. What others take at the same time is left out.
 */
export async function claimDeliveries(db: Db, { domain, now, limit, leaseMs }: Claim): Promise<ClaimedDelivery[]> {
  const { deliveries: d, deliveryAttempts } = db.tables
  return db.transaction(async (tx) => {
    const due = await lockedFree(
      tx,
      tx
        .select({ tenantId: d.tenantId, id: d.id })
        .from(d)
        .where(and(sql.raw(IS_WAITING), eq(d.domain, domain), lte(d.nextAttemptAt, now)))
        .orderBy(asc(d.nextAttemptAt))
        .limit(limit),
    )
    if (due.length === 0) return []
    const taken = await tx
      .update(d)
      .set({
        state: 'sending',
        attempts: sql`${d.attempts} + 1`,
        fence: sql`${d.fence} + 1`,
        leasedUntil: new Date(now.getTime() + leaseMs),
      })
      .where(theseRows(d, due))
      .returning()
    await insertRows(
      tx,
      deliveryAttempts,
      taken.map(({ tenantId, id, attempts }) => ({
        ...BEGUN,
        tenantId,
        deliveryId: id,
        number: attempts,
        startedAt: now,
      })),
    )
    return withMessages(tx, taken)
  })
}

const BEGUN = {
  endedAt: null,
  result: null,
  host: '',
  remoteAddress: '',
  tls: '',
  reply: '',
  conversation: '',
} as const

/** In the order of their ids, which is that of their acceptance. */
async function withMessages(tx: Db, taken: readonly DeliveryRow[]): Promise<ClaimedDelivery[]> {
  const { outgoing: o } = tx.tables
  const messages = taken.map(({ tenantId, outgoingId: id }) => ({ tenantId, id }))
  const rows = await tx.select().from(o).where(theseRows(o, messages))
  const byId = new Map(rows.map((row) => [`${row.tenantId} ${row.id}`, row]))
  return taken
    .flatMap((delivery) => {
      const outgoing = byId.get(`${delivery.tenantId} ${delivery.outgoingId}`)
      return outgoing === undefined ? [] : [{ delivery, outgoing }]
    })
    .sort((a, b) => (a.delivery.id < b.delivery.id ? -1 : 1))
}

/** Which attempt it is: its result counts only while nobody took the delivery after it. */
export type Fenced = Pick<DeliveryRow, 'tenantId' | 'id' | 'fence'>

/** Prolongs the leases of attempts that go on. */
export async function renewLeases(db: Db, held: readonly Fenced[], until: Date): Promise<void> {
  const { deliveries: d } = db.tables
  await db.transaction(async (tx) => {
    for (const { tenantId, id, fence } of held) {
      await tx
        .update(d)
        .set({ leasedUntil: until })
        .where(and(eq(d.tenantId, tenantId), eq(d.id, id), eq(d.fence, fence), sql.raw(IS_SENDING)))
    }
  })
}

/**
 * Lets deliveries be tried again whose attempt did not renew its lease: its process died. Returns their domains. Should the attempt
 * still write its result, it counts as long as no other has begun.
 */
export async function releaseLapsed(db: Db, now: Date, limit: number): Promise<string[]> {
  const { deliveries: d } = db.tables
  return db.transaction(async (tx) => {
    const lapsed = await lockedFree(
      tx,
      tx
        .select({ tenantId: d.tenantId, id: d.id })
        .from(d)
        .where(and(sql.raw(IS_SENDING), lt(d.leasedUntil, now)))
        .limit(limit),
    )
    if (lapsed.length === 0) return []
    const freed = await tx
      .update(d)
      .set({ state: 'deferred', nextAttemptAt: now, leasedUntil: null })
      .where(theseRows(d, lapsed))
      .returning({ domain: d.domain })
    return [...new Set(freed.map(({ domain }) => domain))]
  })
}

/** Domains to which something waits for its attempt, with the time of the earliest one, the earliest first. */
export async function waitingDomains(db: Db, until: Date, limit: number): Promise<{ domain: string; at: Date }[]> {
  const { deliveries: d } = db.tables
  const first = min(d.nextAttemptAt)
  const rows = await db
    .select({ domain: d.domain, at: first })
    .from(d)
    .where(and(sql.raw(IS_OPEN), inArray(d.state, ['queued', 'deferred']), lte(d.nextAttemptAt, until)))
    .groupBy(d.domain)
    .orderBy(asc(first))
    .limit(limit)
  return rows.flatMap(({ domain, at }) => (at === null ? [] : [{ domain, at }]))
}
