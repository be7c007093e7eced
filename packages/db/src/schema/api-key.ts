import { ROLES, type Scope } from '../names.ts'
import type { Kit } from './kit.ts'
import { belongsTo, tenantRow } from './shared.ts'
import type { defineUsers } from './user.ts'

/** API keys. `lookup` is the 8-character part in clear; only a keyed hash of the secret is stored. */
export const defineApiKeys = (c: Kit, t: { users: ReturnType<typeof defineUsers> }) =>
  c.table(
    'api_keys',
    {
      ...tenantRow(c),
      lookup: c.text().notNull(),
      secretHash: c.text().notNull(),
      name: c.text().notNull(),
      /** As given: `read`, or narrowed `{ scope, domains?, mailboxes? }`. */
      scopes: c.json<ApiKeyScope[]>().notNull(),
      /** The user whom the key acts for, whose rights it never exceeds. */
      userId: c.id().notNull(),
      /** The creator: a user, or null for the command line. Not a foreign key: creators are removed, and their keys end. */
      createdBy: c.id(),
      /** The lower of the two roles at creation; null on keys older than this column. */
      madeAs: c.oneOf(ROLES),
      createdAt: c.time().notNull(),
      expiresAt: c.time(),
      /** Set when its creator's password is reset. */
      endedAt: c.time(),
      lastUsedAt: c.time(),
      lastUsedIp: c.text(),
    },
    (k) => [
      c.primaryKey({ name: 'api_keys_pk', columns: [k.tenantId, k.id] }),
      belongsTo(c, 'api_keys_user_fk', [k.tenantId, k.userId], t.users).onDelete('cascade'),
      c.uniqueIndex('api_keys_lookup_key').on(k.lookup),
      c.index('api_keys_user_idx').on(k.tenantId, k.userId),
      c.index('api_keys_maker_idx').on(k.tenantId, k.createdBy),
    ],
  )

export interface ApiKeyScope {
  scope: Scope
  domains?: string[] | undefined
  mailboxes?: string[] | undefined
}
