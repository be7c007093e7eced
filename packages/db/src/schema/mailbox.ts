import type { defineDomains } from './domain.ts'
import type { Kit } from './kit.ts'
import { belongsTo, stamps, tenantRow } from './shared.ts'
import type { defineUsers } from './user.ts'

/** `suspended` accepts no mail for now, `removing` never again: its mail is being removed. */
export const MAILBOX_STATUSES = ['active', 'suspended', 'removing'] as const

/**
 * Mailboxes. `address` is normalised and unique in its tenant, which holds its domain; `usedBytes` changes only in the transaction
 * that adds or removes mail.
 */
export const defineMailboxes = (
  c: Kit,
  t: { domains: ReturnType<typeof defineDomains>; users: ReturnType<typeof defineUsers> },
) =>
  c.table(
    'mailboxes',
    {
      ...tenantRow(c),
      domainId: c.id().notNull(),
      userId: c.id(),
      address: c.text().notNull(),
      /** Since when it has this address and owner, null: since it was made. What came before was for whoever had it then. */
      addressSince: c.time(),
      displayName: c
        .text()
        .notNull()
        .$default(() => ''),
      status: c.oneOf(MAILBOX_STATUSES).notNull(),
      /** null: unlimited. */
      quotaBytes: c.size(),
      usedBytes: c.size().notNull().default(0),
      ...stamps(c),
    },
    (m) => [
      c.primaryKey({ name: 'mailboxes_pk', columns: [m.tenantId, m.id] }),
      belongsTo(c, 'mailboxes_domain_fk', [m.tenantId, m.domainId], t.domains),
      belongsTo(c, 'mailboxes_user_fk', [m.tenantId, m.userId], t.users),
      c.uniqueIndex('mailboxes_address_key').on(m.tenantId, m.address),
      c.index('mailboxes_domain_idx').on(m.tenantId, m.domainId),
      c.index('mailboxes_user_idx').on(m.tenantId, m.userId),
    ],
  )
