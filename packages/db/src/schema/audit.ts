import { ROLES } from '../names.ts'
import type { Kit } from './kit.ts'
import { belongsToTenant, tenantRow } from './shared.ts'
import type { defineTenants } from './tenant.ts'

export const ACTOR_KINDS = ['user', 'api_key', 'system'] as const

/** Who did what, when, from where, with the values before and after. Written in the transaction of the change. */
export const defineAuditEntries = (c: Kit, t: { tenants: ReturnType<typeof defineTenants> }) =>
  c.table(
    'audit_entries',
    {
      ...tenantRow(c),
      at: c.time().notNull(),
      actorKind: c.oneOf(ACTOR_KINDS).notNull(),
      actorId: c.id(),
      actorName: c.text().notNull(),
      /** What the actor was then; null in entries from before this was kept. */
      actorRole: c.oneOf(ROLES),
      /** `domain.create`, `auth.login` … */
      action: c.text().notNull(),
      targetType: c.text().notNull(),
      targetId: c.text(),
      before: c.json<Record<string, unknown>>(),
      after: c.json<Record<string, unknown>>(),
      ip: c.text().notNull(),
      requestId: c.text().notNull(),
    },
    (a) => [
      c.primaryKey({ name: 'audit_entries_pk', columns: [a.tenantId, a.id] }),
      belongsToTenant(c, 'audit_entries_tenant_fk', a.tenantId, t.tenants),
      c.index('audit_entries_at_idx').on(a.tenantId, a.at, a.id),
      c.index('audit_entries_target_idx').on(a.tenantId, a.targetType, a.targetId, a.at),
    ],
  )
