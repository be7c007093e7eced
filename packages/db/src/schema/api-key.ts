import type { Kit } from './kit.ts'
import { belongsTo, tenantRow } from './shared.ts'
import { ROLES, type defineUsers } from './user.ts'

/** API keys. `lookup` is the clear 8-character part; of the secret only a keyed hash is kept. */
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
      /** Whom the key acts for; it never holds more than this user. */
      userId: c.id().notNull(),
      /** Who vouches for it: a user, or null for the command line. No reference: makers go, and their keys end. */
      createdBy: c.id(),
      /** The lower of the two roles when it was made; null on keys older than this column. */
      madeAs: c.oneOf(ROLES),
      createdAt: c.time().notNull(),
      expiresAt: c.time(),
      /** Set when its maker's password was reset. */
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

/** Scopes that can be narrowed to domains and mailboxes. */
export const NARROWABLE_SCOPES = ['read', 'write', 'send', 'admin', 'plugin'] as const
/** The scopes of a key; the last ones are permissions that no other scope implies. */
export const SCOPES = [...NARROWABLE_SCOPES, 'hooks:manage', 'plugins:manage', 'relay:manage'] as const
export type Scope = (typeof SCOPES)[number]
export interface ApiKeyScope {
  scope: Scope
  domains?: string[] | undefined
  mailboxes?: string[] | undefined
}
