import type { Kit } from './kit.ts'
import { belongsToTenant } from './shared.ts'
import type { defineTenants } from './tenant.ts'

/** Whose mail is counted: a user's, by id, or that of a domain's addresses, by name. */
export const SENDING_SCOPES = ['user', 'domain'] as const
export const SENDING_PERIODS = ['hour', 'day'] as const

/** Recipients elsewhere to whom mail was accepted, by the hour and day of UTC. */
export const defineSendingCounts = (c: Kit, t: { tenants: ReturnType<typeof defineTenants> }) =>
  c.table(
    'sending_counts',
    {
      tenantId: c.id().notNull(),
      scope: c.oneOf(SENDING_SCOPES).notNull(),
      subject: c.text().notNull(),
      period: c.oneOf(SENDING_PERIODS).notNull(),
      /** When the hour or day began. */
      startedAt: c.time().notNull(),
      recipients: c.int().notNull(),
    },
    (s) => [
      c.primaryKey({ name: 'sending_counts_pk', columns: [s.tenantId, s.scope, s.subject, s.period, s.startedAt] }),
      belongsToTenant(c, 'sending_counts_tenant_fk', s.tenantId, t.tenants),
      c.index('sending_counts_age_idx').on(s.startedAt),
    ],
  )
