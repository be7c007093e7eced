import { mergeBehind } from '@mairust/mail-core/journey'
import { and, asc, desc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { jsonWithin } from '../dialect/json.ts'
import type { Tables } from '../schema/define.ts'
import { journeyCondition, type JourneyFilter, storedStatuses } from './journey-filter.ts'
import type { TenantScope } from './scope.ts'
import { type JourneySight, type JourneyView, journeyView, type JourneyScope } from './journey-view.ts'

export type { JourneyFilter } from './journey-filter.ts'
export type { HiddenOwners } from './journey-hidden.ts'
export type { JourneyScope, JourneySight, JourneyViewer } from './journey-view.ts'

type Stored = Tables['journeys']['$inferSelect']

/** The parts of a journey that may be large. */
export type LargeParts = Pick<Stored, 'steps' | 'recipients'>

/** A journey as listed. Parts that are too large for a page are null: `partsOfJourney` reads them. */
export type JourneyRow = Omit<Stored, keyof LargeParts | 'stepsBehind'> & {
  [Large in keyof LargeParts]: LargeParts[Large] | null
} & {
  sight: JourneySight
}

/** Position in a list of journeys, and the last row of the previous page. */
export type JourneyPage = {
  limit: number
  after?: { startedAt: Date; id: string } | undefined
}

/** Bytes of the steps of each journey of a page, and of its recipients: rows of a page must fit into memory together. */
const BYTES_IN_PAGE = 32 * 1024

/** More than any journey has, unless the limits of transactions were very high. */
const MOST_BYTES = 4 * 1024 * 1024

/**
 * A page of the journeys that match the filter, newest first, without the steps behind recipients. A transaction for several tenants has
 * a row under each, with the same id: the row of the first tenant in the scope is returned.
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

/** The journey with this id and all of its steps, or null when there is none in the scope. */
export async function findJourney(db: Db, scope: JourneyScope, id: string): Promise<(JourneyRow & LargeParts) | null> {
  const [row] = await listJourneys(db, scope, { id }, { limit: 1 })
  if (row === undefined) return null
  const { journeys: j } = db.tables
  const [parts, [apart]] = await Promise.all([
    partsOfJourney(db, row),
    db
      .select({ behind: jsonWithin(db, j.stepsBehind, MOST_BYTES) })
      .from(j)
      .where(isThis(db, row)),
  ])
  return { ...row, ...parts, steps: mergeBehind(parts.steps, apart?.behind ?? []) }
}

/** What a list leaves out of a journey, but for the steps behind recipients; empty where it takes megabytes. */
export async function partsOfJourney(db: Db, row: Pick<Stored, 'tenantId' | 'id'>): Promise<LargeParts> {
  const { journeys: j } = db.tables
  const [parts] = await db
    .select({ steps: jsonWithin(db, j.steps, MOST_BYTES), recipients: jsonWithin(db, j.recipients, MOST_BYTES) })
    .from(j)
    .where(isThis(db, row))
  return { steps: parts?.steps ?? [], recipients: parts?.recipients ?? [] }
}

function isThis({ tables: { journeys: j } }: Db, { tenantId, id }: Pick<Stored, 'tenantId' | 'id'>): SQL | undefined {
  return and(eq(j.tenantId, tenantId), eq(j.id, id))
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
  { limit, after }: JourneyPage,
): Promise<JourneyRow[]> {
  const { journeys } = db.tables
  return db
    .select({
      ...getTableColumns(journeys),
      stepsBehind: sql<null>`null`,
      sight: view.sight,
      steps: jsonWithin(db, journeys.steps, BYTES_IN_PAGE),
      recipients: jsonWithin(db, journeys.recipients, BYTES_IN_PAGE),
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
