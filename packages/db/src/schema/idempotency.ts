import type { Kit } from './kit.ts'
import { belongsToTenant, tenantRow } from './shared.ts'
import type { defineTenants } from './tenant.ts'

/**
 * Requests that were sent with an Idempotency-Key, so that a repeated one makes nothing twice. `id` is a hash of the sender and the key.
 * A row without `madeId` is a request that runs, until `leasedUntil`; then another may take its place.
 */
export const defineIdempotencyKeys = (c: Kit, t: { tenants: ReturnType<typeof defineTenants> }) =>
  c.table(
    'idempotency_keys',
    {
      ...tenantRow(c),
      /** Hash of what was asked. */
      request: c.text().notNull(),
      /** Names the run that may finish this row. */
      lease: c.text().notNull(),
      leasedUntil: c.time().notNull(),
      /** What the request made; written in the transaction that makes it. */
      madeId: c.text(),
      /** The answer, encrypted: it may hold the secret of a new API key. */
      answer: c.text(),
      expiresAt: c.time().notNull(),
    },
    (k) => [
      c.primaryKey({ name: 'idempotency_keys_pk', columns: [k.tenantId, k.id] }),
      belongsToTenant(c, 'idempotency_keys_tenant_fk', k.tenantId, t.tenants),
      c.index('idempotency_keys_expiry_idx').on(k.expiresAt),
    ],
  )
