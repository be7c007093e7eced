import type { TenantScope } from './scope.ts'
import { asc, eq, ne } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { locked } from '../dialect/index.ts'
import type { Tables } from '../schema/define.ts'
import { SYSTEM_TENANT } from '../schema/tenant.ts'
import { only } from './row.ts'

/** A tenant as stored. */
export type TenantRow = Tables['tenants']['$inferSelect']

/** Adds a tenant. */
export async function insertTenant(db: Db, tenant: TenantRow): Promise<TenantRow> {
  return only(await db.insert(db.tables.tenants).values(tenant).returning())
}

/** The number of tenants, without the system's own. */
export async function countTenants(db: Db): Promise<number> {
  const { tenants } = db.tables
  return db.$count(tenants, ne(tenants.id, SYSTEM_TENANT))
}

/** The first tenant, the only one of a single-tenant installation; null before setup. */
export async function findFirstTenant(db: Db): Promise<TenantRow | null> {
  const { tenants } = db.tables
  const rows = await db
    .select()
    .from(tenants)
    .where(ne(tenants.id, SYSTEM_TENANT))
    .orderBy(asc(tenants.createdAt), asc(tenants.id))
    .limit(1)
  return rows[0] ?? null
}

/**
 * Locks a tenant until the end of the transaction, for rules over several of its rows (the last administrator) that two concurrent
 * transactions could break together.
 */
export async function lockTenant(tx: Db, scope: TenantScope): Promise<void> {
  const { tenants: t } = tx.tables
  await locked(tx, tx.select({ id: t.id }).from(t).where(eq(t.id, scope.tenantId)))
}
