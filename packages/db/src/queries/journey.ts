import { and, asc, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'
import type { JourneyStatus } from '@mairust/mail-core/journey'

/** A journey as stored, and the fate of each of its recipients. */
export type JourneyRow = Tables['journeys']['$inferSelect']
export type JourneyRecipientRow = Tables['journeyRecipients']['$inferSelect']

/**
 * Whose journeys a caller may see: those of these tenants, and of them either all or only those that concern the given
 * addresses and mailboxes.
 */
export type JourneyScope = {
  tenantIds: readonly string[]
  only: 'all' | { addresses: readonly string[]; mailboxIds: readonly string[] }
}

/** What a list of journeys is narrowed to. `address` is a sender or recipient, normalised. */
export type JourneyFilter = {
  id?: string | undefined
  address?: string | undefined
  /** Id (`msg_…`) or Message-ID field, without angle brackets, of a message that came of it. */
  message?: string | undefined
  status?: JourneyStatus | undefined
  after?: Date | undefined
  before?: Date | undefined
}

/** Position in a list of journeys: the last row of the page before. */
export type JourneyPage = { limit: number; after?: { startedAt: Date; id: string } | undefined }

/**
 * A page of the journeys that meet the filter, newest first. A transaction for several tenants has a row under each, with the same
 * id: the row of the tenant named first is taken.
 */
export async function listJourneys(
  db: Db,
  scope: JourneyScope,
  filter: JourneyFilter,
  page: JourneyPage,
): Promise<JourneyRow[]> {
  // Each tenant along its own index, then merged: together they would have to be sorted.
  const parts = await Promise.all(scope.tenantIds.map((tenantId) => readTenant(db, tenantId, scope, filter, page)))
  const byId = new Map<string, JourneyRow>()
  for (const row of parts.flat()) if (!byId.has(row.id)) byId.set(row.id, row)
  return [...byId.values()].sort(newestFirst).slice(0, page.limit)
}

/** The journey with this id, or null when there is none in the scope. */
export async function findJourney(db: Db, scope: JourneyScope, id: string): Promise<JourneyRow | null> {
  const [row] = await listJourneys(db, scope, { id }, { limit: 1 })
  return row ?? null
}

function readTenant(
  db: Db,
  tenantId: string,
  { only }: JourneyScope,
  filter: JourneyFilter,
  { limit, after }: JourneyPage,
): Promise<JourneyRow[]> {
  const { journeys } = db.tables
  return db
    .select()
    .from(journeys)
    .where(
      and(
        eq(journeys.tenantId, tenantId),
        only === 'all' ? undefined : inArray(journeys.id, concerning(db, tenantId, only)),
        filter.id === undefined ? undefined : eq(journeys.id, filter.id),
        filter.status === undefined ? undefined : eq(journeys.status, filter.status),
        filter.after === undefined ? undefined : gte(journeys.startedAt, filter.after),
        filter.before === undefined ? undefined : lt(journeys.startedAt, filter.before),
        filter.address === undefined ? undefined : inArray(journeys.id, ofAddresses(db, tenantId, [filter.address])),
        filter.message === undefined ? undefined : inArray(journeys.id, ofMessage(db, tenantId, filter.message)),
        after &&
          sql`(${journeys.startedAt}, ${journeys.id}) < (${sql.param(after.startedAt, journeys.startedAt)}, ${sql.param(after.id, journeys.id)})`,
      ),
    )
    .orderBy(desc(journeys.startedAt), desc(journeys.id))
    .limit(limit)
}

function newestFirst(a: JourneyRow, b: JourneyRow): number {
  return b.startedAt.getTime() - a.startedAt.getTime() || (a.id < b.id ? 1 : -1)
}

/** The fates of the recipients of one journey, by address. */
export function recipientsOfJourney(
  db: Db,
  scope: { tenantId: string },
  journeyId: string,
): Promise<JourneyRecipientRow[]> {
  const { journeyRecipients } = db.tables
  return db
    .select()
    .from(journeyRecipients)
    .where(and(eq(journeyRecipients.tenantId, scope.tenantId), eq(journeyRecipients.journeyId, journeyId)))
    .orderBy(asc(journeyRecipients.address))
}

/** The messages that came of one journey: ids and mailboxes. */
export function messagesOfJourney(
  db: Db,
  scope: { tenantId: string },
  journeyId: string,
): Promise<{ id: string; mailboxId: string }[]> {
  const { messages } = db.tables
  return db
    .select({ id: messages.id, mailboxId: messages.mailboxId })
    .from(messages)
    .where(and(eq(messages.tenantId, scope.tenantId), eq(messages.journeyId, journeyId)))
    .orderBy(asc(messages.id))
}

function concerning(db: Db, tenantId: string, only: Exclude<JourneyScope['only'], 'all'>) {
  const { messages } = db.tables
  return ofAddresses(db, tenantId, only.addresses).union(
    db
      .select({ id: messages.journeyId })
      .from(messages)
      .where(and(eq(messages.tenantId, tenantId), inArray(messages.mailboxId, [...only.mailboxIds]))),
  )
}

/** Ids of the journeys that one of these addresses sent or was to receive. */
function ofAddresses(db: Db, tenantId: string, addresses: readonly string[]) {
  const { journeys, journeyRecipients } = db.tables
  return db
    .select({ id: journeyRecipients.journeyId })
    .from(journeyRecipients)
    .where(and(eq(journeyRecipients.tenantId, tenantId), inArray(journeyRecipients.address, [...addresses])))
    .union(
      db
        .select({ id: journeys.id })
        .from(journeys)
        .where(and(eq(journeys.tenantId, tenantId), inArray(journeys.sender, [...addresses]))),
    )
}

function ofMessage(db: Db, tenantId: string, message: string) {
  const { messages } = db.tables
  const column = message.startsWith('msg_') ? messages.id : messages.messageIdHeader
  return db
    .select({ id: messages.journeyId })
    .from(messages)
    .where(and(eq(messages.tenantId, tenantId), eq(column, message)))
}
