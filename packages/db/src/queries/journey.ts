import type { TenantScope } from './scope.ts'
import { and, asc, desc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { jsonWithin } from '../dialect/json.ts'
import type { Tables } from '../schema/define.ts'
import { journeyCondition, type JourneyFilter, storedStatuses } from './journey-filter.ts'
import { type JourneySight, type JourneyView, journeyView, type JourneyScope } from './journey-view.ts'

export type { JourneyFilter } from './journey-filter.ts'
export type { HiddenOwners } from './journey-hidden.ts'
export type { JourneyScope, JourneySight, JourneyViewer } from './journey-view.ts'

type Stored = Tables['journeys']['$inferSelect']

/** A journey as stored; steps and recipients are null where they take more bytes than was asked for. */
export type JourneyRow = Omit<Stored, 'steps' | 'recipients'> & {
  [Large in 'steps' | 'recipients']: Stored[Large] | null
} & {
  sight: JourneySight
}

/** Position in a list of journeys, the last row of the previous page, and how much of each is read. */
export type JourneyPage = {
  limit: number
  after?: { startedAt: Date; id: string } | undefined
  /** Bytes of the steps of each, and of its recipients; default: some megabytes. */
  bytes?: number | undefined
}

/** More than any journey has, unless the limits of transactions were very high. */
const MOST_BYTES = 4 * 1024 * 1024

/**
 * A page of the journeys that match the filter, newest first. A transaction for several tenants has a row under each, with the same
 * id: the row of the first tenant in the scope is returned.
 */
export async function listJourneys(
  db: Db,
  scope: JourneyScope,
  filter: JourneyFilter,
  page: JourneyPage,
): Promise<JourneyRow[]> {
  // Reads each tenant by its own index, then merges: one query would have to sort.
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

async function readTenant(
  db: Db,
  tenantId: string,
  scope: JourneyScope,
  filter: JourneyFilter,
  page: JourneyPage,
): Promise<JourneyRow[]> {
  const view = journeyView(db, tenantId, scope)
  const parts = storedStatuses(view, filter).map((stored) =>
    readPart(db, view, journeyCondition(db, tenantId, view, filter, stored), page),
  )
  return (await Promise.all(parts)).flat()
}

function readPart(
  db: Db,
  view: JourneyView,
  condition: SQL | undefined,
  { limit, after, bytes = MOST_BYTES }: JourneyPage,
): Promise<JourneyRow[]> {
  const { journeys } = db.tables
  return db
    .select({
      ...getTableColumns(journeys),
      sight: view.sight,
      steps: jsonWithin(db, journeys.steps, bytes),
      recipients: jsonWithin(db, journeys.recipients, bytes),
    })
    .from(journeys)
    .where(
      and(
        condition,
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

/** Ids and mailboxes of the messages of one journey. */
export function messagesOfJourney(
  db: Db,
  scope: TenantScope,
  journeyId: string,
): Promise<{ id: string; mailboxId: string }[]> {
  const { messages } = db.tables
  return db
    .select({ id: messages.id, mailboxId: messages.mailboxId })
    .from(messages)
    .where(and(eq(messages.tenantId, scope.tenantId), eq(messages.journeyId, journeyId)))
    .orderBy(asc(messages.id))
}
