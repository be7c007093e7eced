import { ROLES } from '../names.ts'
import type { Kit } from './kit.ts'
import { belongsToTenant, stamps, tenantRow } from './shared.ts'
import type { defineTenants } from './tenant.ts'

/** People who sign in. `email` is the login name, normalised and unique across tenants. */
export const defineUsers = (c: Kit, t: { tenants: ReturnType<typeof defineTenants> }) =>
  c.table(
    'users',
    {
      ...tenantRow(c),
      email: c.text().notNull(),
      name: c
        .text()
        .notNull()
        .$default(() => ''),
      role: c.oneOf(ROLES).notNull(),
      passwordHash: c.text(),
      suspended: c.bool().notNull().default(false),
      /** How often all logins have been ended: SMTP sessions that began before do not go on. */
      loginEpoch: c.int().notNull().default(0),
      ...stamps(c),
    },
    (u) => [
      c.primaryKey({ name: 'users_pk', columns: [u.tenantId, u.id] }),
      belongsToTenant(c, 'users_tenant_fk', u.tenantId, t.tenants),
      c.index('users_role_idx').on(u.tenantId, u.role),
      c.uniqueIndex('users_email_key').on(u.email),
    ],
  )
