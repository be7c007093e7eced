import type { JourneyDirection, JourneyStatus } from '@mairust/mail-core/journey'
import { and, eq, gte, inArray, isNotNull, lt, notInArray, or, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client/db.ts'

/**
 * Whose journeys a caller may see: those of these tenants, and of them either all, or those that came to the given addresses and
 * mailboxes and those that they sent themselves.
 */
export type JourneyScope = {
  tenantIds: readonly string[]
  only: 'all' | JourneyViewer
  /** Of whom the caller learns nothing: what concerns only them is left out. */
  hidden?: HiddenOwners | undefined
}

/** Mailboxes, with their addresses and owners, that are out of a caller's reach though all others of the tenant are within. */
export interface HiddenOwners {
  readonly addresses: readonly string[]
  readonly mailboxIds: readonly string[]
  readonly userIds: readonly string[]
}

/** Somebody who sees a part of a tenant's journeys. */
export interface JourneyViewer {
  /** Comparison keys. */
  readonly addresses: readonly string[]
  readonly mailboxIds: readonly string[]
  /** Whose submissions count as the viewer's own: this user's, or all whose reverse-path is among the addresses, or what is both. */
  readonly sent: { readonly userId?: string | undefined; readonly from?: readonly string[] | undefined }
}

/** What a list of journeys is narrowed to. `address` is a sender or recipient, normalised. */
export type JourneyFilter = {
  id?: string | undefined
  address?: string | undefined
  /** Id (`msg_…`) or Message-ID field, without angle brackets, of a message that came of it. */
  message?: string | undefined
  status?: JourneyStatus | undefined
  direction?: JourneyDirection | undefined
  remoteAddress?: string | undefined
  reason?: string | undefined
  after?: Date | undefined
  before?: Date | undefined
}

/** The journeys of one tenant that a viewer may see and that meet a filter. A filter never tells of what the viewer may not see. */
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
    viewer === null ? undefined : or(sentBy(db, viewer), inArray(j.id, cameTo(db, tenantId, viewer))),
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

/** Whether the viewer was the authenticated sender: whose address stands in MAIL FROM of somebody else is not. */
function sentBy(db: Db, { sent }: JourneyViewer): SQL | undefined {
  const { journeys: j } = db.tables
  return and(
    sent.userId === undefined ? isNotNull(j.userId) : eq(j.userId, sent.userId),
    sent.from === undefined ? undefined : inArray(j.sender, [...sent.from]),
  )
}

/** Ids of the journeys that came to the viewer, by their own addresses or through an alias or a catch-all. */
function cameTo(db: Db, tenantId: string, { addresses, mailboxIds }: JourneyViewer) {
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
 * A condition as a viewer may ask it: of the whole of what they sent, and of their own part of the rest. Else a search would tell
 * who else got a message.
 */
function asked(
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
    asked(db, viewer, of(), ({ addresses }) => of(inArray(r.address, [...addresses]))),
  )
}

/** A recipient sees how they fared themselves: `accepted` where only an alias or a catch-all led to them. */
function hasStatus(db: Db, tenantId: string, viewer: JourneyViewer | null, status: JourneyStatus): SQL | undefined {
  const { journeys: j, journeyRecipients: r, messages: m } = db.tables
  // Said once more without a parameter, so that the index of the few that were not accepted serves.
  const whole = and(eq(j.status, status), status === 'accepted' ? undefined : sql`${j.status} <> 'accepted'`)
  return asked(db, viewer, whole, ({ addresses, mailboxIds }) => {
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
    asked(db, viewer, of(), ({ addresses }) => of(inArray(r.address, [...addresses]))),
  )
}

function hasMessage(db: Db, tenantId: string, viewer: JourneyViewer | null, message: string): SQL | undefined {
  const { journeys: j, messages: m } = db.tables
  const isNamed = eq(message.startsWith('msg_') ? m.id : m.messageIdHeader, message)
  const of = (...more: SQL[]): SQL => inArray(j.id, ofMessages(db, tenantId, isNamed, ...more))
  return asked(db, viewer, of(), ({ mailboxIds }) => of(inArray(m.mailboxId, [...mailboxIds])))
}
