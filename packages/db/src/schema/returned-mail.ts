import type { Kit } from './kit.ts'
import { belongsToTenant, tenantRow } from './shared.ts'
import type { StoredAuthentication } from './message.ts'
import type { defineTenants } from './tenant.ts'

/** Mail that came to a return path or a feedback address, until it is read. */
export const defineReturnedMail = (c: Kit, t: { tenants: ReturnType<typeof defineTenants> }) =>
  c.table(
    'returned_mail',
    {
      ...tenantRow(c),
      /** The journey that brought it. */
      journeyId: c.id().notNull(),
      blobKey: c.text().notNull(),
      size: c.size().notNull(),
      sha256: c.text().notNull(),
      /** The address that it came to. */
      address: c.text().notNull(),
      /** Whom it goes to when it says nothing that we understand. */
      fallback: c.text().notNull(),
      /** Its reverse-path; empty for `<>`. */
      sender: c.text().notNull(),
      authentication: c.json<StoredAuthentication>(),
      createdAt: c.time().notNull(),
    },
    (r) => [
      c.primaryKey({ name: 'returned_mail_pk', columns: [r.tenantId, r.id] }),
      belongsToTenant(c, 'returned_mail_tenant_fk', r.tenantId, t.tenants),
      c.index('returned_mail_blob_idx').on(r.blobKey),
      c.index('returned_mail_age_idx').on(r.createdAt),
    ],
  )
