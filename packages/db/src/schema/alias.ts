import type { defineDomains } from './domain.ts'
import type { Kit } from './kit.ts'
import { belongsTo, stamps, tenantRow } from './shared.ts'

/** Aliases: one address, one or more targets (normalised addresses). `*@domain` is the domain's catch-all. */
export const defineAliases = (c: Kit, t: { domains: ReturnType<typeof defineDomains> }) =>
  c.table(
    'aliases',
    {
      ...tenantRow(c),
      domainId: c.id().notNull(),
      address: c.text().notNull(),
      targets: c.json<string[]>().notNull(),
      enabled: c.bool().notNull().default(true),
      /** Whether the owners of its target mailboxes may send as its address. */
      maySendAs: c.bool().notNull().default(false),
      ...stamps(c),
    },
    (a) => [
      c.primaryKey({ name: 'aliases_pk', columns: [a.tenantId, a.id] }),
      belongsTo(c, 'aliases_domain_fk', [a.tenantId, a.domainId], t.domains).onDelete('cascade'),
      c.uniqueIndex('aliases_address_key').on(a.tenantId, a.address),
      c.index('aliases_domain_idx').on(a.tenantId, a.domainId),
    ],
  )
