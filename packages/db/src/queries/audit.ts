import type { TenantScope } from './scope.ts'
import { and, desc, eq, gte, lt, lte, or, type SQL } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'

/** An audit entry as stored. */
export type AuditRow = Tables['auditEntries']['$inferSelect']

export interface AuditFilter {
  action?: string | undefined
  actorId?: string | undefined
  targetType?: string | undefined
  targetId?: string | undefined
  after?: Date | undefined
  before?: Date | undefined
}

/** Adds an entry; call it in the transaction of the change. */
export async function insertAuditEntry(tx: Db, scope: TenantScope, entry: Omit<AuditRow, 'tenantId'>): Promise<void> {
  await tx.insert(tx.tables.auditEntries).values({ ...entry, tenantId: scope.tenantId })
}

/** Like `insertAuditEntry`, unless an entry has this id. */
export async function insertAuditEntryOnce(
  db: Db,
  scope: TenantScope,
  entry: Omit<AuditRow, 'tenantId'>,
): Promise<void> {
  await db
    .insert(db.tables.auditEntries)
    .values({ ...entry, tenantId: scope.tenantId })
    .onConflictDoNothing()
}

/** A page of entries, newest first. `position` is the last row of the previous page. */
export async function listAuditEntries(
  db: Db,
  scope: TenantScope,
  filter: AuditFilter,
  page: { limit: number; position?: { at: Date; id: string } | undefined },
): Promise<AuditRow[]> {
  const { auditEntries: a } = db.tables
  const { position } = page
  const conditions: (SQL | undefined)[] = [
    eq(a.tenantId, scope.tenantId),
    filter.action === undefined ? undefined : eq(a.action, filter.action),
    filter.actorId === undefined ? undefined : eq(a.actorId, filter.actorId),
    filter.targetType === undefined ? undefined : eq(a.targetType, filter.targetType),
    filter.targetId === undefined ? undefined : eq(a.targetId, filter.targetId),
    filter.after === undefined ? undefined : gte(a.at, filter.after),
    filter.before === undefined ? undefined : lte(a.at, filter.before),
    position === undefined ? undefined : or(lt(a.at, position.at), and(eq(a.at, position.at), lt(a.id, position.id))),
  ]
  return db
    .select()
    .from(a)
    .where(and(...conditions))
    .orderBy(desc(a.at), desc(a.id))
    .limit(page.limit)
}
