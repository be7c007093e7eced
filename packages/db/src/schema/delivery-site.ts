import type { SiteState, StsPolicy, TlsLevel } from '@mairust/mail-core/outbound'
import { PAUSE_SCOPES, type PauseScope, ROLES } from '../names.ts'
import type { Kit } from './kit.ts'

export { PAUSE_SCOPES, type PauseScope }

/** What is remembered of the mail servers that we send to, by `Site.key`. */
export const defineDeliverySites = (c: Kit) =>
  c.table('delivery_sites', {
    key: c.text().primaryKey(),
    /** A domain that it serves: keys of many hosts are hashes. */
    domain: c.text().notNull(),
    state: c.json<SiteState>().notNull(),
    tlsLevel: c.text().$type<TlsLevel>(),
    /** Until when it is not asked for TLS. */
    clearUntil: c.time(),
    updatedAt: c.time().notNull(),
  })

/** MTA-STS policies of domains that we send to (RFC 8461 §3.3), and fetches that failed. */
export const defineStsPolicies = (c: Kit) =>
  c.table('sts_policies', {
    domain: c.text().primaryKey(),
    /** The policy, the id of the record by which it was fetched, and when; all null without one. */
    policy: c.json<StsPolicy>(),
    recordId: c.text(),
    fetchedAt: c.time(),
    triedAt: c.time(),
    failedAt: c.time(),
    updatedAt: c.time().notNull(),
  })

/** What is not sent until somebody says so. `value` is the site's key, the tenant's id or the sender's address; empty for all. */
export const defineDeliveryPauses = (c: Kit) =>
  c.table(
    'delivery_pauses',
    {
      scope: c.oneOf(PAUSE_SCOPES).notNull(),
      /** Whose mail it is; SYSTEM_TENANT: everybody's. */
      tenantId: c.id().notNull(),
      value: c.text().notNull(),
      /** Who asked for it. */
      by: c.text().notNull(),
      /** With which role: nobody of a lower one ends it. */
      byRole: c.oneOf(ROLES).notNull().default('super_admin'),
      createdAt: c.time().notNull(),
    },
    (p) => [c.primaryKey({ name: 'delivery_pauses_pk', columns: [p.scope, p.tenantId, p.value] })],
  )
