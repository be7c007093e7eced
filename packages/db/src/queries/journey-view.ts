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
import { heldBy, type HiddenOwners, isFromOthers, isOfHiddenRole, isOfOthers } from './journey-hidden.ts'
import { heldSince } from './mailbox-address.ts'
import { among } from './scope.ts'

/**
 * The journeys a caller may see: all of these tenants, or only those that came to the given mailboxes and those the caller sent.
 */
export type JourneyScope = {
  tenantIds: readonly string[]
  only: 'all' | JourneyViewer
  /** Journeys that concern only these are hidden from the caller; of those that concern them too, the caller sees the part of others. */
  hidden?: HiddenOwners | undefined
}

/** A viewer of part of a tenant's journeys: those with mail in these mailboxes, or to their addresses since they have them. */
export interface JourneyViewer {
  readonly mailboxIds: readonly string[]
  /** Which submissions count as the viewer's own: by user, by a reverse-path that is a mailbox's address, or by both. */
  readonly sent: { readonly userId?: string | undefined; readonly byAddress: boolean }
}

/** What a caller sees of the journeys of a tenant. */
export interface JourneyView {
  /** The journeys of which the caller sees at least a part; undefined: all. */
  readonly isSeen: SQL | undefined
  /** Those of which they see the whole; undefined: all. */
  readonly isWhole: SQL | undefined
  /** The mailboxes that the visible part of the others is about. */
  readonly mailboxIds: IdSet
  /** The condition that a recipient in the visible part of the journey of the row meets the others. */
  readonly hasPart: (...more: SQL[]) => SQL | undefined
  /** Recipients that they never see. */
  readonly hiddenAddresses: readonly string[]
}

/** What a caller with this scope sees of the journeys of one of its tenants. */
export function journeyView(db: Db, tenantId: string, { only, hidden }: Omit<JourneyScope, 'tenantIds'>): JourneyView {
  const { journeys: j, journeyRecipients: r, messages: m } = db.tables
  if (only !== 'all') {
    const isWhole = isSentBy(db, only)
    const isSeen = or(isWhole, inArray(j.id, deliveredTo(db, tenantId, only.mailboxIds)))
    const { mailboxIds } = only
    const hasPart = (...more: SQL[]) => exists(ownRecipients(db, mailboxIds, ...more))
    return { isSeen, isWhole, mailboxIds, hasPart, hiddenAddresses: [] }
  }
  const mailboxIds = allBut(hidden?.mailboxIds ?? [])
  if (hidden === undefined) {
    return { isSeen: undefined, isWhole: undefined, mailboxIds, hasPart: () => undefined, hiddenAddresses: [] }
  }
  const hiddenCopies = copies(db, among(m.mailboxId, hidden.mailboxIds))
  return {
    isSeen: concernsOthersThan(db, hidden),
    isWhole: and(hasNoRow(hiddenCopies), hasNoRow(recipients(db, isOfHiddenRole(db, hidden, r)))),
    mailboxIds,
    // Where a hidden mailbox has a copy, an address that is no mailbox's may have led there.
    hasPart: (...more) =>
      hasRow(
        recipients(
          db,
          isOfOthers(db, hidden, r),
          or(hasRow(heldBy(db, mailboxIds, r)), hasNoRow(hiddenCopies)),
          ...more,
        ),
      ),
    hiddenAddresses: hidden.addresses,
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
function ownRecipients(db: Db, mailboxIds: IdSet, ...more: SQL[]) {
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
export function copies(db: Db, ...more: (SQL | undefined)[]) {
  const { journeys: j, messages: m } = db.tables
  return db
    .select({ one: sql`1` })
    .from(m)
    .where(and(eq(m.tenantId, j.tenantId), eq(m.journeyId, j.id), ...more))
}

/**
 * Ids of the journeys that came to the mailboxes, directly or through an alias or a catch-all. An address counts only since the
 * mailbox has it: what came to it before is its former owner's.
 */
function deliveredTo(db: Db, tenantId: string, mailboxIds: readonly string[]) {
  const { journeys, journeyRecipients: r, mailboxes: b, messages: m } = db.tables
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
      .union(
        db
          .select({ id: m.journeyId })
          .from(m)
          .where(and(eq(m.tenantId, tenantId), among(m.mailboxId, mailboxIds))),
      )
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

/** Excludes what hidden owners sent, and what went only to them, directly or through an alias. */
function concernsOthersThan(db: Db, hidden: HiddenOwners): SQL | undefined {
  const { journeyRecipients: r, messages: m } = db.tables
  const isWithOthers = hasRow(copies(db, among(m.mailboxId, allBut(hidden.mailboxIds))))
  return and(
    isFromOthers(db, hidden),
    or(hasRow(recipients(db, isOfOthers(db, hidden, r))), isWithOthers, hasNoRow(recipients(db))),
    or(isWithOthers, hasNoRow(copies(db))),
  )
}
