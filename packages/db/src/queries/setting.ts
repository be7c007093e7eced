import type { TenantScope } from './scope.ts'
import { and, eq } from 'drizzle-orm'
import type { Db } from '../client/db.ts'

/** The value of a setting, or null when it is not set. */
export async function findSetting(db: Db, scope: TenantScope, key: string): Promise<unknown> {
  const { settings } = db.tables
  const rows = await db
    .select({ value: settings.value })
    .from(settings)
    .where(and(eq(settings.tenantId, scope.tenantId), eq(settings.key, key)))
  return rows[0]?.value ?? null
}

/** All settings of a tenant, by key. */
export async function listSettings(db: Db, scope: TenantScope): Promise<Map<string, unknown>> {
  const { settings } = db.tables
  const rows = await db
    .select({ key: settings.key, value: settings.value })
    .from(settings)
    .where(eq(settings.tenantId, scope.tenantId))
    .orderBy(settings.key)
  return new Map(rows.map(({ key, value }) => [key, value]))
}

/** Inserts or replaces a value (any JSON but null). */
export async function putSetting(
  db: Db,
  scope: TenantScope,
  setting: { key: string; value: unknown; updatedAt: Date },
): Promise<void> {
  const { settings } = db.tables
  const { value, updatedAt } = setting
  await db
    .insert(settings)
    .values({ tenantId: scope.tenantId, ...setting })
    .onConflictDoUpdate({ target: [settings.tenantId, settings.key], set: { value, updatedAt } })
}

/** Removes a value; true if it existed. */
export async function deleteSetting(db: Db, scope: TenantScope, key: string): Promise<boolean> {
  const { settings } = db.tables
  const rows = await db
    .delete(settings)
    .where(and(eq(settings.tenantId, scope.tenantId), eq(settings.key, key)))
    .returning({ key: settings.key })
  return rows.length > 0
}
