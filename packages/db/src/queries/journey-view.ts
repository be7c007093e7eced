import {
  aliasedTable,
  and,
  eq,
  exists,
  inArray,
  isNotNull,
  lte,
  min,
  or,
  type Column,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { hasNoRow, hasRow } from './any-row.ts'
import { allBut, type IdSet } from './id-set.ts'
import { heldBy, type HiddenOwners, isFromOthers, isFromSelf, isOfHidden, isOfOthers } from './journey-hidden.ts'
import { heldSince } from './mailbox-address.ts'
import { among } from './scope.ts'

/**
 * The journeys a caller may see: all of these tenants, or only those that came to the given mailboxes and those the caller sent.
 */
export type JourneyScope = {
  tenantIds: readonly string[]
  only: 'all' | JourneyViewer
  /** Journeys that concern only these are hidden from the caller, in any scope; of those that concern them too, the caller sees the part of others. */
  hidden?: HiddenOwners | undefined
}

/** A viewer of part of a tenant's journeys: those with mail in these mailboxes, or to their addresses since they have them. */
export interface JourneyViewer {
  readonly mailboxIds: readonly string[]
  /** Which submissions count as the viewer's own: by user, by a reverse-path that is a mailbox's address, or by both. */
  readonly sent: { readonly userId?: string | undefined; readonly byAddress: boolean }
}

/**
 * How much a caller sees of a journey: all of it; all but what is about hidden owners; what is about the mailboxes in their scope; or,
 * where a hidden owner sent it, what is about their own.
 */
export type JourneySight = 'whole' | 'others' | 'part' | 'own'

/** What a caller sees of the journeys of a tenant. */
export interface JourneyView {
  /** The journeys of which the caller sees at least a part; undefined: all. */
  readonly isSeen: SQL | undefined
  /** Those of which they see the whole; undefined: all. */
  readonly isWhole: SQL | undefined
  /** How much of the journey of the row. */
  readonly sight: SQL<JourneySight>
  /** The mailboxes by whose messages they find the others. */
  readonly mailboxIds: IdSet
  /** The condition that a mailbox which is not hidden from them got a copy. */
  readonly hasCopy: SQL | undefined
  /** The condition that a recipient in the visible part of the journey of the row meets the others. */
  readonly hasPart: (...more: SQL[]) => SQL | undefined
}

/** What a caller with this scope sees of the journeys of one of its tenants. */
export function journeyView(db: Db, tenantId: string, { only, hidden }: Omit<JourneyScope, 'tenantIds'>): JourneyView {
  const { journeys: j, messages: m } = db.tables
  if (hidden !== undefined) return viewWithout(db, tenantId, only, hidden)
  if (only === 'all') {
    const isSeen = undefined
    const sight = sql<JourneySight>`'whole'`
    return { isSeen, isWhole: undefined, sight, mailboxIds: 'all', hasCopy: undefined, hasPart: () => undefined }
  }
  const { mailboxIds } = only
  const isWhole = isSentBy(db, only)
  const delivered = addressedTo(db, tenantId, mailboxIds).union(copiedTo(db, tenantId, mailboxIds))
  return {
    isSeen: or(isWhole, inArray(j.id, delivered)),
    isWhole,
    sight: sql`case when ${isWhole} then 'whole' else 'part' end`,
    mailboxIds,
    hasCopy: exists(copies(db, among(m.mailboxId, mailboxIds))),
    hasPart: (...more) => exists(ownRecipients(db, mailboxIds, ...more)),
  }
}

/** The view of an administrator: whoever has a part of the tenant only sees there what whoever has all of it does, and no more. */
function viewWithout(db: Db, tenantId: string, only: JourneyScope['only'], hidden: HiddenOwners): JourneyView {
  const { journeyRecipients: r, messages: m } = db.tables
  const others = allBut(hidden.mailboxIds)
  const mailboxIds = only === 'all' ? others : only.mailboxIds
  const isFrom = isFromOthers(db, hidden)
  const isSent = only === 'all' ? undefined : isSentBy(db, only)
  const hasNoHiddenCopy = hasNoRow(copies(db, among(m.mailboxId, hidden.mailboxIds)))
  const isClean = or(isFromSelf(db, hidden), and(hasNoHiddenCopy, hasNoRow(recipients(db, isOfHidden(db, hidden, r)))))
  // Where a hidden mailbox has a copy, an address that is no mailbox's may have led there.
  const isShared = or(only === 'all' ? undefined : hasRow(heldBy(db, others, r)), hasNoHiddenCopy)
  const isPart = and(isFrom, or(hasRow(heldBy(db, mailboxIds, r)), and(isSent, isShared)))
  const isOwn = hidden.self.mailboxIds.length === 0 ? undefined : hasRow(heldBy(db, hidden.self.mailboxIds, r))
  const ofSent = sql`case when ${isClean} then 'whole' else 'others' end`
  const ofOthers = isSent === undefined ? ofSent : sql`case when ${isSent} then ${ofSent} else 'part' end`
  return {
    isSeen: and(
      only === 'all' ? undefined : or(isSent, isDelivered(db, tenantId, only.mailboxIds, hidden)),
      concernsOthersThan(db, hidden),
    ),
    isWhole: and(isFrom, isSent, isClean),
    sight: sql`case when ${isFrom} then ${ofOthers} else 'own' end`,
    mailboxIds,
    hasCopy: exists(copies(db, among(m.mailboxId, others))),
    hasPart: (...more) => hasRow(recipients(db, isOfOthers(db, hidden, r), or(isPart, isOwn), ...more)),
  }
}

/** Whether the viewer was the authenticated sender; having one's address in another's MAIL FROM does not count. */
function isSentBy(db: Db, { mailboxIds, sent }: JourneyViewer): SQL | undefined {
  const { journeys: j } = db.tables
  return and(
    sent.userId === undefined ? isNotNull(j.userId) : eq(j.userId, sent.userId),
    sent.byAddress ? exists(holders(db, mailboxIds, j.sender)) : undefined,
  )
}

/** Those of the mailboxes that have had this address since the journey of the row began or longer. */
function holders(db: Db, mailboxIds: IdSet, address: Column) {
  const { journeys: j, mailboxes: b } = db.tables
  return db
    .select({ one: sql`1` })
    .from(b)
    .where(
      and(eq(b.tenantId, j.tenantId), eq(b.address, address), among(b.id, mailboxIds), lte(heldSince(b), j.startedAt)),
    )
}

/** The recipients of the journey of the row that are addresses of these mailboxes and were when it began. */
function ownRecipients(db: Db, mailboxIds: IdSet, ...more: (SQL | undefined)[]) {
  const { journeys: j, journeyRecipients: r, mailboxes: b } = db.tables
  return db
    .select({ one: sql`1` })
    .from(r)
    .innerJoin(b, and(eq(b.tenantId, r.tenantId), eq(b.address, r.address)))
    .where(
      and(
        eq(r.tenantId, j.tenantId),
        eq(r.journeyId, j.id),
        among(b.id, mailboxIds),
        lte(heldSince(b), j.startedAt),
        ...more,
      ),
    )
}

/** The messages of the journey of the row that meet the conditions. */
function copies(db: Db, ...more: (SQL | undefined)[]) {
  const { journeys: j, messages: m } = db.tables
  return db
    .select({ one: sql`1` })
    .from(m)
    .where(and(eq(m.tenantId, j.tenantId), eq(m.journeyId, j.id), ...more))
}

/** The condition that mail which was not for hidden owners came to the mailboxes. */
function isDelivered(db: Db, tenantId: string, mailboxIds: readonly string[], hidden: HiddenOwners): SQL | undefined {
  const { journeys: j, journeyRecipients: r } = db.tables
  return or(
    inArray(j.id, copiedTo(db, tenantId, mailboxIds)),
    // The index finds the addresses; whose they were is looked up only for the rows of the page.
    and(
      inArray(j.id, addressedTo(db, tenantId, mailboxIds)),
      hasRow(ownRecipients(db, mailboxIds, isOfOthers(db, hidden, r))),
    ),
  )
}

/** Ids of the journeys of the messages in the mailboxes, by whatever address they came. */
function copiedTo(db: Db, tenantId: string, mailboxIds: readonly string[]) {
  const { messages: m } = db.tables
  return db
    .select({ id: m.journeyId })
    .from(m)
    .where(and(eq(m.tenantId, tenantId), among(m.mailboxId, mailboxIds)))
}

/**
 * Ids of the journeys to the addresses of the mailboxes. An address counts only since the mailbox has it: what came to it before is its
 * former owner's.
 */
function addressedTo(db: Db, tenantId: string, mailboxIds: readonly string[]) {
  const { journeys, journeyRecipients: r, mailboxes: b } = db.tables
  const began = aliasedTable(journeys, 'began')
  const oldest = db
    .select({ at: min(began.startedAt) })
    .from(began)
    .where(eq(began.tenantId, tenantId))
  const isLater = exists(
    db
      .select({ one: sql`1` })
      .from(began)
      .where(and(eq(began.tenantId, r.tenantId), eq(began.id, r.journeyId), lte(heldSince(b), began.startedAt))),
  )
  return (
    db
      .select({ id: r.journeyId })
      .from(b)
      .innerJoin(r, and(eq(r.tenantId, b.tenantId), eq(r.address, b.address)))
      // Most mailboxes are older than all journeys: theirs need not be looked up one by one.
      .where(and(eq(b.tenantId, tenantId), among(b.id, mailboxIds), or(lte(heldSince(b), oldest), isLater)))
  )
}

/** The recipients of the journey of the row that meet the conditions. */
function recipients(db: Db, ...more: (SQL | undefined)[]) {
  const { journeys: j, journeyRecipients: r } = db.tables
  return db
    .select({ one: sql`1` })
    .from(r)
    .where(and(eq(r.tenantId, j.tenantId), eq(r.journeyId, j.id), ...more))
}

/**
 * Excludes what hidden owners sent, and what went only to them, directly or through an alias. What callers sent, or what is in their own
 * mailboxes, is never hidden from them.
 */
function concernsOthersThan(db: Db, hidden: HiddenOwners): SQL | undefined {
  const { journeyRecipients: r, messages: m } = db.tables
  const { mailboxIds } = hidden.self
  const isWithOthers = hasRow(copies(db, among(m.mailboxId, allBut(hidden.mailboxIds))))
  const isWithSelf = mailboxIds.length === 0 ? undefined : hasRow(copies(db, among(m.mailboxId, mailboxIds)))
  return and(
    or(isFromOthers(db, hidden), isWithSelf),
    or(
      isFromSelf(db, hidden),
      and(
        or(hasRow(recipients(db, isOfOthers(db, hidden, r))), isWithOthers, hasNoRow(recipients(db))),
        or(isWithOthers, hasNoRow(copies(db))),
      ),
    ),
  )
}
