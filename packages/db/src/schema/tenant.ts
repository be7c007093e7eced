import type { Kit } from './kit.ts'

/** Tenants own domains, users and mail. Journeys without one belong to SYSTEM_TENANT. */
export const defineTenants = (c: Kit) =>
  c.table('tenants', {
    id: c.id().primaryKey(),
    name: c.text().notNull(),
    createdAt: c.time().notNull(),
  })

/** Owns what belongs to no tenant: refused transactions for domains we do not host, and the installation's settings. */
export const SYSTEM_TENANT = 'tnt_00000000000000000000000000'
