import type { Kit } from './kit.ts'
import { belongsTo, tenantRow } from './shared.ts'
import type { defineUsers } from './user.ts'

/** Signed-in browsers. Only the SHA-256 of the cookie is stored; lists and revocations show `id` (ses_…). */
export const defineSessions = (c: Kit, t: { users: ReturnType<typeof defineUsers> }) =>
  c.table(
    'sessions',
    {
      ...tenantRow(c),
      tokenHash: c.text().notNull(),
      userId: c.id().notNull(),
      ip: c.text().notNull(),
      userAgent: c.text().notNull(),
      createdAt: c.time().notNull(),
      lastSeenAt: c.time().notNull(),
      expiresAt: c.time().notNull(),
    },
    (s) => [
      c.primaryKey({ name: 'sessions_pk', columns: [s.tenantId, s.id] }),
      belongsTo(c, 'sessions_user_fk', [s.tenantId, s.userId], t.users).onDelete('cascade'),
      c.uniqueIndex('sessions_token_key').on(s.tokenHash),
      c.index('sessions_user_idx').on(s.tenantId, s.userId),
      c.index('sessions_expiry_idx').on(s.expiresAt),
    ],
  )

/** Wrong passwords, over the API and SMTP AUTH together; rows older than the window are pruned. */
export const defineLoginFailures = (c: Kit) =>
  c.table(
    'login_failures',
    {
      id: c.id().primaryKey(),
      account: c.text().notNull(),
      address: c.text().notNull(),
      at: c.time().notNull(),
    },
    (f) => [c.index('login_failures_account_idx').on(f.account, f.at), c.index('login_failures_at_idx').on(f.at)],
  )
