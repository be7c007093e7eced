import type { JourneyDirection, JourneyStatus } from '@mairust/mail-core/journey'
import { and, eq, gte, inArray, lt, not, or, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { JourneyView } from './journey-view.ts'
import { among } from './scope.ts'

/** The filter of a list of journeys. `address` is a sender or recipient, normalised. */
export type JourneyFilter = {
  id?: string | undefined
  address?: string | undefined
  /** Id (`msg_…`) or Message-ID, without angle brackets, of a resulting message. */
  message?: string | undefined
  status?: JourneyStatus | undefined
  direction?: JourneyDirection | undefined
  remoteAddress?: string | undefined
  reason?: string | undefined
  after?: Date | undefined
  before?: Date | undefined
}

/**
 * The journeys of one tenant that a caller may see and that match a filter. Filtering never reveals what the caller may not see.
 * @param stored of the statuses that those may have which match by theirs: each is read by itself, as its index has them in order
 */
export function journeyCondition(
  db: Db,
  tenantId: string,
  view: JourneyView,
  filter: JourneyFilter,
  stored?: JourneyStatus,
): SQL | undefined {
  const { journeys: j } = db.tables
  const given = <T>(value: T | undefined, condition: (value: T) => SQL | undefined): SQL | undefined =>
    value === undefined ? undefined : condition(value)
  return and(
    eq(j.tenantId, tenantId),
    given(filter.id, (id) => eq(j.id, id)),
    given(filter.status, (status) => hasStatus(db, view, status, stored ?? status)),
    given(filter.direction, (direction) => eq(j.direction, direction)),
    given(filter.remoteAddress, (address) => eq(j.remoteAddress, address)),
    given(filter.reason, (reason) => hasReason(db, tenantId, view, reason)),
    given(filter.after, (after) => gte(j.startedAt, after)),
    given(filter.before, (before) => lt(j.startedAt, before)),
    given(filter.address, (address) => hasAddress(db, tenantId, view, address)),
    given(filter.message, (message) => hasMessage(db, tenantId, view, message)),
    // The last, because it takes lookups for each row.
    view.isSeen,
  )
}

/** Ids of the journeys with recipients that meet the conditions. */
function ofRecipients(db: Db, tenantId: string, ...conditions: SQL[]) {
  const { journeyRecipients: r } = db.tables
  return db
    .select({ id: r.journeyId })
    .from(r)
    .where(and(eq(r.tenantId, tenantId), ...conditions))
}

/**
 * Of the journeys that meet a condition: all where the caller sees them in whole, and of the others those that meet it by the caller's
 * own part. Otherwise a search would reveal who else got a message. `meets`, which an index finds, is asked before.
 */
function visibleTo({ isWhole }: JourneyView, meets: SQL | undefined, ...byPart: (SQL | undefined)[]): SQL | undefined {
  return isWhole === undefined ? meets : and(meets, or(isWhole, ...byPart))
}

function hasAddress(db: Db, tenantId: string, view: JourneyView, address: string): SQL | undefined {
  const { journeys: j, journeyRecipients: r } = db.tables
  const isSender = eq(j.sender, address)
  const isRecipient = inArray(j.id, ofRecipients(db, tenantId, eq(r.address, address)))
  return visibleTo(view, or(isSender, isRecipient), isSender, view.hasPart(eq(r.address, address)))
}

/** The statuses that the journeys with a status have for those who may see a part only: where recipients differ, it is partial. */
export function storedStatuses({ isWhole }: JourneyView, { status }: JourneyFilter): (JourneyStatus | undefined)[] {
  const isAlone = isWhole === undefined || status === undefined || status === 'accepted' || status === 'partial'
  return isAlone ? [status] : [status, 'partial']
}

/** Recipients see their own status: `accepted` when only an alias or a catch-all led to them. */
function hasStatus(db: Db, view: JourneyView, status: JourneyStatus, stored: JourneyStatus): SQL | undefined {
  const { journeys: j, journeyRecipients: r } = db.tables
  const { isWhole } = view
  const is = eq(j.status, stored)
  // Repeated without a parameter, so that the partial index of those not accepted applies.
  const isNotAccepted = sql`${j.status} <> 'accepted'`
  if (isWhole === undefined) return and(is, status === 'accepted' ? undefined : isNotAccepted)
  const own = view.hasPart(eq(r.status, status))
  if (status !== 'accepted') return and(is, isNotAccepted, or(stored === status ? isWhole : undefined, own))
  return or(and(is, isWhole), own, and(view.hasCopy, not(view.hasPart() ?? sql`1 = 1`)))
}

function hasReason(db: Db, tenantId: string, view: JourneyView, reason: string): SQL | undefined {
  const { journeys: j, journeyRecipients: r } = db.tables
  const isGiven = inArray(j.id, ofRecipients(db, tenantId, eq(r.reason, reason), sql`${r.reason} <> ''`))
  const isOfAll = and(eq(j.reason, reason), sql`${j.reason} <> ''`)
  // The reason of the whole is theirs if they were told the last reply, or see no recipient.
  const isTold =
    view.isWhole === undefined ? undefined : or(view.hasPart(eq(r.reply, j.reply)), not(view.hasPart() ?? sql`1 = 1`))
  return visibleTo(view, or(isOfAll, isGiven), and(isOfAll, isTold), view.hasPart(eq(r.reason, reason)))
}

function hasMessage(db: Db, tenantId: string, view: JourneyView, message: string): SQL | undefined {
  const { journeys: j, messages: m } = db.tables
  const isNamed = eq(message.startsWith('msg_') ? m.id : m.messageIdHeader, message)
  const of = (...more: (SQL | undefined)[]): SQL =>
    inArray(
      j.id,
      db
        .select({ id: m.journeyId })
        .from(m)
        .where(and(eq(m.tenantId, tenantId), isNamed, ...more)),
    )
  return visibleTo(view, of(), of(among(m.mailboxId, view.mailboxIds)))
}
