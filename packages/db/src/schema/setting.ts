import { belongsToTenant } from './shared.ts'
import type { Kit } from './kit.ts'
import type { defineTenants } from './tenant.ts'

/** Named values of a tenant (or, under SYSTEM_TENANT, of the installation) that change at run time. */
export const defineSettings = (c: Kit, t: { tenants: ReturnType<typeof defineTenants> }) =>
  c.table(
    'settings',
    {
      tenantId: c.id().notNull(),
      key: c.text().notNull(),
      value: c.json<unknown>().notNull(),
      updatedAt: c.time().notNull(),
    },
    (s) => [
      c.primaryKey({ name: 'settings_pk', columns: [s.tenantId, s.key] }),
      belongsToTenant(c, 'settings_tenant_fk', s.tenantId, t.tenants),
    ],
  )

/**
 * Topics that changed, for other processes on the same SQLite file. `counter` grows across the table, so a reader asks for those
 * above the last it saw. Empty on PostgreSQL, which has NOTIFY.
 */
export const defineChanges = (c: Kit) =>
  c.table('changes', { topic: c.text().primaryKey(), counter: c.size().notNull() }, (x) => [
    c.index('changes_counter_idx').on(x.counter),
  ])
