import { and, asc, eq, gte, inArray, lt, lte, min, ne, notExists, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { insertRows } from '../dialect/bulk.ts'
import { lockedFree } from '../dialect/index.ts'
import type { Tables } from '../schema/define.ts'
import { IS_OPEN, IS_WAITING } from '../schema/delivery.ts'
import { theseRows } from './scope.ts'

export type DeliveryRow = Tables['deliveries']['$inferSelect']
export type OutgoingRow = Tables['outgoing']['$inferSelect']

/** A delivery that an attempt has, until its lease ends, and the message. */
export interface ClaimedDelivery {
  readonly delivery: DeliveryRow
  readonly outgoing: OutgoingRow
}

/** How claims are made. */
export interface ClaimTerms {
  readonly now: Date
  readonly limit: number
  /** How long nobody else may try them. */
  readonly leaseMs: number
  /** What is not sent now. */
  readonly paused?: PausedMail | undefined
}

/** What an attempt takes: deliveries to one domain, of all tenants, that are due at `now`. */
export interface Claim extends ClaimTerms {
  readonly domain: string
  /** Only those whose time is over; they need not be due. */
  readonly expired?: boolean | undefined
  /** Only those with so many failures at least, and fewer than so many. */
  readonly failures?: { readonly from: number; readonly below: number } | undefined
}

/** Mail that waits: until somebody says that it may go, or, of these users, until others have had their turn. */
export interface PausedMail {
  readonly tenantIds: readonly string[]
  readonly senders: readonly { readonly tenantId: string; readonly sender: string }[]
  readonly userIds: readonly string[]
}

/**
 * Takes deliveries that are due, the longest due first, and writes down that they are attempted: before any connection, so that no
 * crash hides an attempt. What others take at the same time is left out.
 */
export function claimDeliveries(db: Db, claim: Claim): Promise<ClaimedDelivery[]> {
  return take(db, claim, isOf(db, claim))
}

function isOf(db: Db, { domain, now, failures, expired = false }: Omit<Claim, 'limit' | 'leaseMs'>): SQL | undefined {
  const { deliveries: d } = db.tables
  return and(
    eq(d.domain, domain),
    expired ? lte(d.expiresAt, now) : lte(d.nextAttemptAt, now),
    failures === undefined ? undefined : and(gte(d.failures, failures.from), lt(d.failures, failures.below)),
  )
}

/** Deliveries that are looked at for who submitted them. */
const MAX_ASKED = 100

/**
 * Who submitted what is due, those first whose mail has waited longest; null: nobody's. A user whose mail comes after a hundred others
 * is not among them.
 */
export async function dueUsers(db: Db, claim: Omit<Claim, 'limit' | 'leaseMs'>): Promise<(string | null)[]> {
  const { deliveries: d, outgoing: o } = db.tables
  const rows = await db
    .select({ userId: o.userId })
    .from(d)
    .innerJoin(o, and(eq(o.tenantId, d.tenantId), eq(o.id, d.outgoingId)))
    .where(and(sql.raw(IS_WAITING), isOf(db, claim), claim.paused === undefined ? undefined : isFree(db, claim.paused)))
    .orderBy(asc(d.nextAttemptAt), asc(d.id))
    .limit(MAX_ASKED)
  return [...new Set(rows.map(({ userId }) => userId))]
}

/** A message with deliveries to more than one domain, and the others that are due. */
export interface SiblingDomain {
  readonly tenantId: string
  readonly outgoingId: string
  readonly domain: string
}

/** The other domains to which claimed messages have something due: what goes to the same site goes in one transaction (O17). */
export function siblingDomains(db: Db, claimed: readonly ClaimedDelivery[], now: Date): Promise<SiblingDomain[]> {
  const { deliveries: d } = db.tables
  const [first] = claimed
  if (first === undefined) return Promise.resolve([])
  return db
    .selectDistinct({ tenantId: d.tenantId, outgoingId: d.outgoingId, domain: d.domain })
    .from(d)
    .where(
      and(
        ofMessages(db, claimed),
        ne(d.domain, first.delivery.domain),
        sql.raw(IS_WAITING),
        lte(d.nextAttemptAt, now),
        eq(d.attempts, 0),
      ),
    )
}

/** Takes what else is due of claimed messages, to these domains: never tried before, as those that it goes with. */
export function claimSiblings(
  db: Db,
  claimed: readonly ClaimedDelivery[],
  domains: readonly string[],
  terms: ClaimTerms,
): Promise<ClaimedDelivery[]> {
  const { deliveries: d } = db.tables
  const fresh = claimed.filter(({ delivery }) => delivery.attempts === 1)
  if (fresh.length === 0) return Promise.resolve([])
  return take(
    db,
    terms,
    and(ofMessages(db, fresh), inArray(d.domain, [...domains]), lte(d.nextAttemptAt, terms.now), eq(d.attempts, 0)),
  )
}

function ofMessages(db: Db, claimed: readonly ClaimedDelivery[]): SQL | undefined {
  const { deliveries: d } = db.tables
  return and(
    inArray(d.tenantId, [...new Set(claimed.map(({ delivery }) => delivery.tenantId))]),
    inArray(d.outgoingId, [...new Set(claimed.map(({ outgoing }) => outgoing.id))]),
  )
}

function take(db: Db, { now, limit, leaseMs, paused }: ClaimTerms, which: SQL | undefined): Promise<ClaimedDelivery[]> {
  const { deliveries: d, deliveryAttempts } = db.tables
  return db.transaction(async (tx) => {
    const due = await lockedFree(
      tx,
      tx
        .select({ tenantId: d.tenantId, id: d.id })
        .from(d)
        .where(and(sql.raw(IS_WAITING), which, paused === undefined ? undefined : isFree(tx, paused)))
        .orderBy(asc(d.nextAttemptAt), asc(d.id))
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

function isFree(tx: Db, { tenantIds, senders, userIds }: PausedMail): SQL | undefined {
  const { deliveries: d, outgoing: o } = tx.tables
  const whose = senders.map(({ tenantId, sender }) => and(eq(o.tenantId, tenantId), eq(o.sender, sender)))
  if (userIds.length > 0) whose.push(inArray(o.userId, [...userIds]))
  return and(
    tenantIds.length === 0 ? undefined : notInArray(d.tenantId, [...tenantIds]),
    whose.length === 0
      ? undefined
      : notExists(
          tx
            .select({ one: sql`1` })
            .from(o)
            .where(and(eq(o.tenantId, d.tenantId), eq(o.id, d.outgoingId), or(...whose))),
        ),
  )
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

/** Domains to which something waits for its attempt, with the time of the earliest one, the earliest first. */
export async function waitingDomains(
  db: Db,
  { until, limit, paused }: { until: Date; limit: number; paused?: PausedMail | undefined },
): Promise<{ domain: string; at: Date }[]> {
  const { deliveries: d } = db.tables
  const first = min(d.nextAttemptAt)
  const rows = await db
    .select({ domain: d.domain, at: first })
    .from(d)
    .where(
      and(
        sql.raw(IS_OPEN),
        inArray(d.state, ['queued', 'deferred']),
        lte(d.nextAttemptAt, until),
        paused === undefined ? undefined : isFree(db, paused),
      ),
    )
    .groupBy(d.domain)
    .orderBy(asc(first))
    .limit(limit)
  return rows.flatMap(({ domain, at }) => (at === null ? [] : [{ domain, at }]))
}
