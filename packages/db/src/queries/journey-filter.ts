import type { JourneyDirection, JourneyStatus } from '@mairust/mail-core/journey'
import { and, eq, gte, inArray, isNotNull, lt, notInArray, or, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client/db.ts'

/**
 * The journeys a caller may see: all of these tenants, or only those that came to the given addresses and mailboxes and those the
 * caller sent.
 */
export type JourneyScope = {
  tenantIds: readonly string[]
  only: 'all' | JourneyViewer
  /** Journeys that concern only these are hidden from the caller. */
  hidden?: HiddenOwners | undefined
}

/** Mailboxes, with their addresses and owners, that a caller may not see, although all others of the tenant are visible. */
export interface HiddenOwners {
  readonly addresses: readonly string[]
  readonly mailboxIds: readonly string[]
  readonly userIds: readonly string[]
}

/** A viewer of part of a tenant's journeys. */
export interface JourneyViewer {
  /** Comparison keys. */
  readonly addresses: readonly string[]
  readonly mailboxIds: readonly string[]
  /** Which submissions count as the viewer's own: by user, by reverse-path among the addresses, or by both. */
  readonly sent: { readonly userId?: string | undefined; readonly from?: readonly string[] | undefined }
}

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
 * The journeys of one tenant that a viewer may see and that match a filter. Filtering never reveals what the viewer may not see.
 */
export function journeyCondition(
  db: Db,
  tenantId: string,
  only: JourneyScope['only'],
  filter: JourneyFilter,
): SQL | undefined {
  const { journeys: j } = db.tables
  const viewer = only === 'all' ? null : only
  const given = <T>(value: T | undefined, condition: (value: T) => SQL | undefined): SQL | undefined =>
    value === undefined ? undefined : condition(value)
  return and(
    eq(j.tenantId, tenantId),
    viewer === null ? undefined : or(sentBy(db, viewer), inArray(j.id, deliveredTo(db, tenantId, viewer))),
    given(filter.id, (id) => eq(j.id, id)),
    given(filter.status, (status) => hasStatus(db, tenantId, viewer, status)),
    given(filter.direction, (direction) => eq(j.direction, direction)),
    given(filter.remoteAddress, (address) => eq(j.remoteAddress, address)),
    given(filter.reason, (reason) => hasReason(db, tenantId, viewer, reason)),
    given(filter.after, (after) => gte(j.startedAt, after)),
    given(filter.before, (before) => lt(j.startedAt, before)),
    given(filter.address, (address) => hasAddress(db, tenantId, viewer, address)),
    given(filter.message, (message) => hasMessage(db, tenantId, viewer, message)),
  )
}

/** Whether the viewer was the authenticated sender; having one's address in another's MAIL FROM does not count. */
function sentBy(db: Db, { sent }: JourneyViewer): SQL | undefined {
  const { journeys: j } = db.tables
  return and(
    sent.userId === undefined ? isNotNull(j.userId) : eq(j.userId, sent.userId),
    sent.from === undefined ? undefined : inArray(j.sender, [...sent.from]),
  )
}

/** Ids of the journeys that came to the viewer, directly or through an alias or a catch-all. */
function deliveredTo(db: Db, tenantId: string, { addresses, mailboxIds }: JourneyViewer) {
  const { journeyRecipients: r, messages: m } = db.tables
  return ofRecipients(db, tenantId, inArray(r.address, [...addresses])).union(
    ofMessages(db, tenantId, inArray(m.mailboxId, [...mailboxIds])),
  )
}

function ofMessages(db: Db, tenantId: string, ...conditions: SQL[]) {
  const { messages: m } = db.tables
  return db
    .select({ id: m.journeyId })
    .from(m)
    .where(and(eq(m.tenantId, tenantId), ...conditions))
}

function ofRecipients(db: Db, tenantId: string, ...conditions: SQL[]) {
  const { journeyRecipients: r } = db.tables
  return db
    .select({ id: r.journeyId })
    .from(r)
    .where(and(eq(r.tenantId, tenantId), ...conditions))
}

/**
 * Applies a condition to whole journeys that the viewer sent, and only to the viewer's own part of others. Otherwise a search would
 * reveal who else got a message.
 */
function visibleTo(
  db: Db,
  viewer: JourneyViewer | null,
  whole: SQL | undefined,
  part: (viewer: JourneyViewer) => SQL | undefined,
) {
  return viewer === null ? whole : or(and(sentBy(db, viewer), whole), part(viewer))
}

function hasAddress(db: Db, tenantId: string, viewer: JourneyViewer | null, address: string): SQL | undefined {
  const { journeys: j, journeyRecipients: r } = db.tables
  const of = (...more: SQL[]): SQL => inArray(j.id, ofRecipients(db, tenantId, eq(r.address, address), ...more))
  return or(
    eq(j.sender, address),
    visibleTo(db, viewer, of(), ({ addresses }) => of(inArray(r.address, [...addresses]))),
  )
}

/** Recipients see their own status: `accepted` when only an alias or a catch-all led to them. */
function hasStatus(db: Db, tenantId: string, viewer: JourneyViewer | null, status: JourneyStatus): SQL | undefined {
  const { journeys: j, journeyRecipients: r, messages: m } = db.tables
  // Repeated without a parameter, so that the partial index of those not accepted applies.
  const whole = and(eq(j.status, status), status === 'accepted' ? undefined : sql`${j.status} <> 'accepted'`)
  return visibleTo(db, viewer, whole, ({ addresses, mailboxIds }) => {
    const mine = inArray(r.address, [...addresses])
    const own = inArray(j.id, ofRecipients(db, tenantId, eq(r.status, status), mine))
    if (status !== 'accepted') return own
    const led = ofMessages(db, tenantId, inArray(m.mailboxId, [...mailboxIds]))
    return or(own, and(inArray(j.id, led), notInArray(j.id, ofRecipients(db, tenantId, mine))))
  })
}

function hasReason(db: Db, tenantId: string, viewer: JourneyViewer | null, reason: string): SQL | undefined {
  const { journeys: j, journeyRecipients: r } = db.tables
  const of = (...more: SQL[]): SQL =>
    inArray(j.id, ofRecipients(db, tenantId, eq(r.reason, reason), sql`${r.reason} <> ''`, ...more))
  return or(
    and(eq(j.reason, reason), sql`${j.reason} <> ''`),
    visibleTo(db, viewer, of(), ({ addresses }) => of(inArray(r.address, [...addresses]))),
  )
}

function hasMessage(db: Db, tenantId: string, viewer: JourneyViewer | null, message: string): SQL | undefined {
  const { journeys: j, messages: m } = db.tables
  const isNamed = eq(message.startsWith('msg_') ? m.id : m.messageIdHeader, message)
  const of = (...more: SQL[]): SQL => inArray(j.id, ofMessages(db, tenantId, isNamed, ...more))
  return visibleTo(db, viewer, of(), ({ mailboxIds }) => of(inArray(m.mailboxId, [...mailboxIds])))
}
