import { SUPPRESSION_SCOPES } from '../names.ts'
import type { Kit } from './kit.ts'
import { belongsToTenant, stamps, tenantRow } from './shared.ts'
import type { defineTenants } from './tenant.ts'

/** Addresses elsewhere that get no mail of the tenant, and why (O50). */
export const defineSuppressions = (c: Kit, t: { tenants: ReturnType<typeof defineTenants> }) =>
  c.table(
    'suppressions',
    {
      ...tenantRow(c),
      /** The comparison key of the recipient. */
      address: c.text().notNull(),
      scope: c.oneOf(SUPPRESSION_SCOPES).notNull(),
      /** The sending domain, or the name of the stream; empty for all. */
      value: c.text().notNull(),
      /** The class of a refusal, `complaint`, or what somebody wrote. */
      reason: c.text().notNull(),
      /** The words of a server that led to it; empty when there are none. */
      detail: c.text().notNull().default(''),
      /** The mail that led to it. Not foreign keys: they are kept for a month, this for longer. */
      journeyId: c.id(),
      deliveryId: c.id(),
      /** Null: it does not end. */
      expiresAt: c.time(),
      /** Who asked for it; `system` when it was made by what a server said. */
      by: c.text().notNull(),
      /** Until when one message gets through all the same, and who allowed it. */
      passUntil: c.time(),
      passBy: c.text().notNull().default(''),
      ...stamps(c),
    },
    (s) => [
      c.primaryKey({ name: 'suppressions_pk', columns: [s.tenantId, s.id] }),
      belongsToTenant(c, 'suppressions_tenant_fk', s.tenantId, t.tenants),
      c.uniqueIndex('suppressions_address_key').on(s.tenantId, s.address, s.scope, s.value),
      c
        .index('suppressions_expiry_idx')
        .on(s.expiresAt)
        .where(c.sql`expires_at is not null`),
    ],
  )
