import type { DmarcOverride } from '@mairust/mail-core/auth'
import type { Kit } from './kit.ts'
import { belongsToTenant, stamps, tenantRow } from './shared.ts'
import type { defineTenants } from './tenant.ts'

export const DOMAIN_STATUSES = ['pending', 'active', 'suspended'] as const
export type DomainStatus = (typeof DOMAIN_STATUSES)[number]

export const DMARC_OVERRIDES = ['enforce', 'junk', 'off'] as const satisfies readonly DmarcOverride[]

/** RFC 8461 §5. */
export const MTA_STS_MODES = ['enforce', 'testing', 'none'] as const

/**
 * Domains we accept mail for. `name` is the lower-case A-label form. Several tenants may have the same name pending; one holds it.
 */
export const defineDomains = (c: Kit, t: { tenants: ReturnType<typeof defineTenants> }) =>
  c.table(
    'domains',
    {
      ...tenantRow(c),
      name: c.text().notNull(),
      status: c.oneOf(DOMAIN_STATUSES).notNull(),
      /** Value of the TXT record `_mairust-verify.<name>` that proves ownership. */
      verifyToken: c.text().notNull(),
      /** Set on a domain alias: each of its addresses is the same address in that domain. */
      aliasOfId: c.id(),
      /** What it does about the DMARC policies of those who write to it; null: what `auth.dmarc.enforce` says. */
      dmarc: c.oneOf(DMARC_OVERRIDES),
      /** What its MTA-STS policy asks of those who send to it; null: what `mta_sts.mode` says. */
      mtaSts: c.oneOf(MTA_STS_MODES),
      ...stamps(c),
    },
    (d) => [
      c.primaryKey({ name: 'domains_pk', columns: [d.tenantId, d.id] }),
      belongsToTenant(c, 'domains_tenant_fk', d.tenantId, t.tenants),
      c.foreignKey({
        name: 'domains_alias_of_fk',
        columns: [d.tenantId, d.aliasOfId],
        foreignColumns: [d.tenantId, d.id],
      }),
      c.uniqueIndex('domains_own_name_key').on(d.tenantId, d.name),
      c
        .uniqueIndex('domains_name_key')
        .on(d.name)
        .where(c.sql`status <> 'pending'`),
      c.index('domains_lookup_idx').on(d.name),
    ],
  )
