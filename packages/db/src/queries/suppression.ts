import { and, asc, eq, gt, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { contains } from '../dialect/index.ts'
import type { SuppressionScope } from '../names.ts'
import type { Tables } from '../schema/define.ts'
import type { IdSet } from './id-set.ts'
import { type NewRow, only } from './row.ts'
import { among, fromPage, type RowPage, type TenantScope } from './scope.ts'

/** An address that gets no mail, as stored. */
export type SuppressionRow = Tables['suppressions']['$inferSelect']
export type NewSuppression = NewRow<Tables['suppressions']>

/** Which suppressions of a tenant; all conditions given must hold. Addresses are keys. */
export interface SuppressionFilter {
  readonly id?: string | undefined
  readonly address?: string | undefined
  readonly scope?: SuppressionScope | undefined
  /** The sending domain or the stream. */
  readonly value?: string | undefined
  readonly reason?: string | undefined
  /** Only those for one of these sending domains; `all`: whatever they are for. */
  readonly domains: IdSet
  /** Only those that have not ended by then. */
  readonly activeAt?: Date | undefined
}

/** A page of the tenant's suppressions, oldest first; `contains` searches the address. */
export function listSuppressionRows(
  db: Db,
  scope: TenantScope,
  filter: SuppressionFilter,
  page: RowPage,
): Promise<SuppressionRow[]> {
  const { suppressions: s } = db.tables
  return db
    .select()
    .from(s)
    .where(
      fromPage(
        s,
        scope,
        page,
        matches(db, filter),
        page.contains === undefined ? undefined : contains(db, s.address, page.contains),
      ),
    )
    .orderBy(asc(s.id))
    .limit(page.limit)
}

/** The one that matches, that for all mail first; null when there is none. */
export async function findSuppression(
  db: Db,
  { tenantId }: TenantScope,
  filter: SuppressionFilter,
): Promise<SuppressionRow | null> {
  const { suppressions: s } = db.tables
  const [first] = await db
    .select()
    .from(s)
    .where(and(eq(s.tenantId, tenantId), matches(db, filter)))
    // By name, `all` is first.
    .orderBy(asc(s.scope), asc(s.id))
    .limit(1)
  return first ?? null
}

/** The suppression of the same address for the same mail, or null. One that has ended is removed. */
export async function findSameSuppression(
  tx: Db,
  { tenantId }: TenantScope,
  { address, scope, value, createdAt }: Pick<SuppressionRow, 'address' | 'scope' | 'value' | 'createdAt'>,
): Promise<SuppressionRow | null> {
  const { suppressions: s } = tx.tables
  const same = and(eq(s.tenantId, tenantId), eq(s.address, address), eq(s.scope, scope), eq(s.value, value))
  await tx.delete(s).where(and(same, lte(s.expiresAt, createdAt)))
  return (await tx.select().from(s).where(same))[0] ?? null
}

/** What is written when there is one already: why, from now on. Since when is kept. */
const renewed = ({ reason, detail, journeyId, deliveryId, expiresAt, by, createdAt, updatedAt }: NewSuppression) => ({
  reason,
  detail: detail ?? '',
  journeyId: journeyId ?? null,
  deliveryId: deliveryId ?? null,
  expiresAt: expiresAt ?? null,
  by,
  updatedAt: updatedAt ?? createdAt,
})

/** Adds a suppression, or gives the one that there is its reason. Returns the row, and whether it is new. */
export async function putSuppression(
  tx: Db,
  scope: TenantScope,
  row: NewSuppression,
): Promise<{ row: SuppressionRow; isNew: boolean }> {
  const { suppressions: s } = tx.tables
  const put = only(
    await tx
      .insert(s)
      .values({ ...row, updatedAt: row.updatedAt ?? row.createdAt, tenantId: scope.tenantId })
      .onConflictDoUpdate({ target: [s.tenantId, s.address, s.scope, s.value], set: renewed(row) })
      .returning(),
  )
  return { row: put, isNew: put.id === row.id }
}

/** Removes those that match. Returns them. */
export function deleteSuppressions(tx: Db, scope: TenantScope, filter: SuppressionFilter): Promise<SuppressionRow[]> {
  const { suppressions: s } = tx.tables
  return tx
    .delete(s)
    .where(and(eq(s.tenantId, scope.tenantId), matches(tx, filter)))
    .returning()
}

/** Lets one message through those that match, until a time. Returns them. */
export function allowPass(
  tx: Db,
  scope: TenantScope,
  filter: SuppressionFilter,
  pass: { until: Date; by: string },
): Promise<SuppressionRow[]> {
  const { suppressions: s } = tx.tables
  return tx
    .update(s)
    .set({ passUntil: pass.until, passBy: pass.by })
    .where(and(eq(s.tenantId, scope.tenantId), matches(tx, filter)))
    .returning()
}

/** Removes suppressions that ended before a time. Returns how many. */
export async function pruneSuppressions(db: Db, before: Date): Promise<number> {
  const { suppressions: s } = db.tables
  return (await db.delete(s).where(lte(s.expiresAt, before)).returning({ id: s.id })).length
}

function matches(db: Db, { id, address, scope, value, reason, domains, activeAt }: SuppressionFilter): SQL | undefined {
  const { suppressions: s } = db.tables
  return and(
    id === undefined ? undefined : eq(s.id, id),
    address === undefined ? undefined : eq(s.address, address),
    scope === undefined ? undefined : eq(s.scope, scope),
    value === undefined ? undefined : eq(s.value, value),
    reason === undefined ? undefined : eq(s.reason, reason),
    domains === 'all' ? undefined : and(eq(s.scope, 'domain'), among(s.value, domains)),
    activeAt === undefined ? undefined : or(isNull(s.expiresAt), gt(s.expiresAt, activeAt)),
  )
}

/** A recipient elsewhere, and the mail for it. */
export interface SuppressionQuestion {
  readonly tenantId: string
  readonly address: string
  /** The domain that it is sent from; empty for `<>`. */
  readonly domain: string
  readonly stream: string
}

/** What the list says of a recipient: nothing, that it gets nothing, or that this one message gets through. */
export type SuppressionAnswer = null | { readonly kind: 'suppressed' | 'passes'; readonly row: SuppressionRow }

/**
 * Whether recipients are suppressed, in the transaction that queues their mail. A pass is used up: of two messages for which one was
 * allowed, one gets through.
 */
export async function askSuppressions(
  tx: Db,
  questions: readonly SuppressionQuestion[],
  now: Date,
): Promise<SuppressionAnswer[]> {
  if (questions.length === 0) return []
  const { suppressions: s } = tx.tables
  const rows = await tx
    .select()
    .from(s)
    .where(
      and(
        inArray(s.tenantId, [...new Set(questions.map(({ tenantId }) => tenantId))]),
        inArray(s.address, [...new Set(questions.map(({ address }) => address))]),
        or(isNull(s.expiresAt), gt(s.expiresAt, now)),
      ),
    )
    .orderBy(asc(s.id))
  const used = new Set<string>()
  const answers: SuppressionAnswer[] = []
  for (const question of questions) {
    const about = rows.filter((row) => isAbout(row, question))
    answers.push(await answer(tx, about, { now, used }))
  }
  return answers
}

const isAbout = (row: SuppressionRow, { tenantId, address, domain, stream }: SuppressionQuestion): boolean =>
  row.tenantId === tenantId &&
  row.address === address &&
  row.value === { all: '', domain, stream }[row.scope] &&
  (row.scope === 'all' || row.value !== '')

async function answer(
  tx: Db,
  rows: readonly SuppressionRow[],
  { now, used }: { now: Date; used: Set<string> },
): Promise<SuppressionAnswer> {
  const [first] = rows
  if (first === undefined) return null
  const stopping = rows.find(({ id, passUntil }) => passUntil === null || passUntil <= now || used.has(id))
  if (stopping !== undefined) return { kind: 'suppressed', row: stopping }
  for (const row of rows) {
    used.add(row.id)
    if (!(await usePass(tx, row))) return { kind: 'suppressed', row }
  }
  return { kind: 'passes', row: first }
}

/** Whether the pass was still there: another node may have used it. */
async function usePass(tx: Db, { tenantId, id }: SuppressionRow): Promise<boolean> {
  const { suppressions: s } = tx.tables
  const rows = await tx
    .update(s)
    .set({ passUntil: null })
    .where(and(eq(s.tenantId, tenantId), eq(s.id, id), sql`${s.passUntil} is not null`))
    .returning({ id: s.id })
  return rows.length > 0
}
