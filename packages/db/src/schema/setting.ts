import { belongsToTenant } from './shared.ts'
import type { Kit } from './kit.ts'
import type { defineTenants } from './tenant.ts'

/** Named values of a tenant (or, under SYSTEM_TENANT, of the installation) that are changed while running. */
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
 * The topics that changed: how other processes on the same SQLite file learn of it. `counter` grows over the whole table, so a
 * reader asks for what is above the last it saw. Empty on PostgreSQL, which has NOTIFY.
 */
export const defineChanges = (c: Kit) =>
  c.table('changes', { topic: c.text().primaryKey(), counter: c.size().notNull() }, (x) => [
    c.index('changes_counter_idx').on(x.counter),
  ])
