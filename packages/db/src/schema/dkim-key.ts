import type { SigningAlgorithm } from '@mairust/mail-core/auth'
import type { defineDomains } from './domain.ts'
import type { Kit } from './kit.ts'
import { belongsTo, stamps, tenantRow } from './shared.ts'

export const DKIM_ALGORITHMS = ['rsa-sha256', 'ed25519-sha256'] as const satisfies readonly SigningAlgorithm[]

/** `pending` is to be published and does not sign yet, `active` signs, `retired` no longer signs but stays published. */
export const DKIM_KEY_STATES = ['pending', 'active', 'retired'] as const
export type DkimKeyState = (typeof DKIM_KEY_STATES)[number]

/** Keys that sign the mail of a domain (RFC 6376). Of each algorithm at most one is pending, and one active. */
export const defineDkimKeys = (c: Kit, t: { domains: ReturnType<typeof defineDomains> }) =>
  c.table(
    'dkim_keys',
    {
      ...tenantRow(c),
      domainId: c.id().notNull(),
      /** Its record is at `<selector>._domainkey.<domain>`. */
      selector: c.text().notNull(),
      algorithm: c.oneOf(DKIM_ALGORITHMS).notNull(),
      /** PKCS #8 in PEM, sealed (`secrets.ts`). */
      privateKey: c.text().notNull(),
      /** The text of its record. */
      record: c.text().notNull(),
      state: c.oneOf(DKIM_KEY_STATES).notNull(),
      /** When its state may change next: when DNS is asked for a pending key, and when a retired one is removed. */
      dueAt: c.time(),
      activatedAt: c.time(),
      retiredAt: c.time(),
      ...stamps(c),
    },
    (k) => [
      c.primaryKey({ name: 'dkim_keys_pk', columns: [k.tenantId, k.id] }),
      belongsTo(c, 'dkim_keys_domain_fk', [k.tenantId, k.domainId], t.domains).onDelete('cascade'),
      c.uniqueIndex('dkim_keys_selector_key').on(k.tenantId, k.domainId, k.selector),
      c
        .uniqueIndex('dkim_keys_in_use_key')
        .on(k.tenantId, k.domainId, k.algorithm, k.state)
        .where(c.sql`state <> 'retired'`),
      c.index('dkim_keys_due_idx').on(k.dueAt),
    ],
  )
