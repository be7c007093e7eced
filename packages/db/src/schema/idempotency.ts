import type { Kit } from './kit.ts'
import { belongsToTenant, tenantRow } from './shared.ts'
import type { defineTenants } from './tenant.ts'

/**
 * Requests with an Idempotency-Key, so that repeating one creates nothing twice. `id` is a hash of the caller and the key. A row
 * without `madeId` is a running request, until `leasedUntil`; then another may take over.
 */
export const defineIdempotencyKeys = (c: Kit, t: { tenants: ReturnType<typeof defineTenants> }) =>
  c.table(
    'idempotency_keys',
    {
      ...tenantRow(c),
      /** Who made the request, as a user has only so many keys; null in rows of older versions. */
      owner: c.text(),
      /** Hash of the request. */
      request: c.text().notNull(),
      /** Identifies the run that may finish this row. */
      lease: c.text().notNull(),
      leasedUntil: c.time().notNull(),
      /** What the request created; written in the same transaction. */
      madeId: c.text(),
      /** The response, encrypted: it may contain the secret of a new API key. */
      answer: c.text(),
      expiresAt: c.time().notNull(),
    },
    (k) => [
      c.primaryKey({ name: 'idempotency_keys_pk', columns: [k.tenantId, k.id] }),
      belongsToTenant(c, 'idempotency_keys_tenant_fk', k.tenantId, t.tenants),
      c.index('idempotency_keys_expiry_idx').on(k.expiresAt),
      c.index('idempotency_keys_owner_idx').on(k.tenantId, k.owner, k.expiresAt),
    ],
  )
