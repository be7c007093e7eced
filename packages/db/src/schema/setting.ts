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
      c
        .foreignKey({ name: 'settings_tenant_fk', columns: [s.tenantId], foreignColumns: [t.tenants.id] })
        .onDelete('cascade'),
    ],
  )

/** A counter per topic: how other processes on the same SQLite file learn what changed. */
export const defineChanges = (c: Kit) =>
  c.table('changes', { topic: c.text().primaryKey(), counter: c.size().notNull().default(0) })
