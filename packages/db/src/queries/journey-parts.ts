import type { JourneyStatus } from '@mairust/mail-core/journey'
import {
  type AnyColumn,
  and,
  asc,
  eq,
  exists,
  getTableColumns,
  inArray,
  isNull,
  lte,
  notExists,
  notInArray,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'
import type { IdSet } from './id-set.ts'
import { heldBy, type HiddenOwners, isOfOthers, type RecipientColumns } from './journey-hidden.ts'
import { among, type TenantScope } from './scope.ts'

export type JourneyRecipientRow = Tables['journeyRecipients']['$inferSelect']
/** A journey event after the reply, as stored. */
export type JourneyEventRow = Tables['journeyEvents']['$inferSelect']

/** Journeys of a tenant, and what a caller sees of them. */
export interface JourneyParts {
  readonly ids: readonly string[]
  /** Only what is about addresses of these mailboxes, which they had when the journey began, or about no recipient. */
  readonly of?: IdSet | undefined
  /** Where none of the hidden mailboxes has a copy, also what is about other recipients. */
  readonly withOthers?: boolean | undefined
  /** Nothing that is about their recipients. */
  readonly hidden?: HiddenOwners | undefined
}

/** Recipients of one journey with the same status. */
export interface JourneyOutcome {
  readonly journeyId: string
  readonly status: JourneyStatus
  /** The first of their reasons; null without any. */
  readonly reason: string | null
}

/** The recipients of these journeys by journey and address, of each journey the first `each`. */
export function recipientsOfJourneys(
  db: Db,
  scope: TenantScope,
  parts: JourneyParts,
  each: number,
): Promise<JourneyRecipientRow[]> {
  const { journeyRecipients: r } = db.tables
  const numbered = db
    .select({ ...getTableColumns(r), place: placeIn(r.journeyId, r.address) })
    .from(r)
    .where(seen(db, scope, parts, r, parts.hidden && isOfOthers(db, parts.hidden, r)))
    .as('numbered')
  return db
    .select()
    .from(numbered)
    .where(lte(numbered.place, each))
    .orderBy(asc(numbered.journeyId), asc(numbered.address))
}

/** What became of the recipients of these journeys, however many there are. */
export function outcomesOfJourneys(db: Db, scope: TenantScope, parts: JourneyParts): Promise<JourneyOutcome[]> {
  const { journeyRecipients: r } = db.tables
  return db
    .select({
      journeyId: r.journeyId,
      status: r.status,
      reason: sql<string | null>`min(nullif(${r.reason}, ''))`,
    })
    .from(r)
    .where(seen(db, scope, parts, r, parts.hidden && isOfOthers(db, parts.hidden, r)))
    .groupBy(r.journeyId, r.status)
}

/** The events of these journeys, some of hidden roles' recipients among them, after their replies, oldest first, of each journey the first `each`. */
export function eventsOfJourneys(
  db: Db,
  scope: TenantScope,
  parts: JourneyParts,
  each: number,
): Promise<JourneyEventRow[]> {
  const { journeyEvents: e } = db.tables
  const numbered = db
    .select({ ...getTableColumns(e), place: placeIn(e.journeyId, e.id) })
    .from(e)
    .where(
      seen(
        db,
        scope,
        parts,
        { tenantId: e.tenantId, journeyId: e.journeyId, address: e.recipient },
        parts.hidden && notInArray(e.recipient, [...parts.hidden.addresses]),
      ),
    )
    .as('numbered')
  return db.select().from(numbered).where(lte(numbered.place, each)).orderBy(asc(numbered.journeyId), asc(numbered.id))
}

const placeIn = (journeyId: AnyColumn, order: AnyColumn): SQL.Aliased<number> =>
  sql<number>`row_number() over (partition by ${journeyId} order by ${order})`.as('place')

function seen(
  db: Db,
  { tenantId }: TenantScope,
  { ids, of, hidden, withOthers = false }: JourneyParts,
  columns: RecipientColumns,
  isShown: SQL | undefined,
): SQL | undefined {
  const { messages: m } = db.tables
  const copies = db
    .select({ one: sql`1` })
    .from(m)
    .where(
      and(
        eq(m.tenantId, columns.tenantId),
        eq(m.journeyId, columns.journeyId),
        among(m.mailboxId, hidden?.mailboxIds ?? []),
      ),
    )
  const isPart = of && or(exists(heldBy(db, of, columns)), withOthers ? notExists(copies) : undefined)
  const isSeen = and(isPart, isShown)
  return and(
    eq(columns.tenantId, tenantId),
    inArray(columns.journeyId, [...ids]),
    isSeen && or(isNull(columns.address), isSeen),
  )
}
