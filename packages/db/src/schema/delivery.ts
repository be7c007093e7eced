import type { Notify, RcptParams } from '@mairust/mail-core/smtp'
import { DELIVERY_STATES, type DeliveryState } from '../names.ts'
import type { Kit } from './kit.ts'
import { belongsTo, belongsToTenant, tenantRow } from './shared.ts'
import type { defineTenants } from './tenant.ts'

export { DELIVERY_STATES, type DeliveryState }

/** States that nothing changes any more. */
export const DELIVERY_ENDS = ['delivered', 'bounced', 'suppressed', 'cancelled'] as const satisfies DeliveryState[]

/** Those that wait for an attempt. Only this exact text makes queries use the partial index. */
export const IS_WAITING = `state in ('queued', 'deferred')`
export const IS_SENDING = `state = 'sending'`
/** Ends of which it is not decided yet whether the sender is told. */
export const IS_UNREPORTED = `ended_at is not null and reported_at is null`
/** All that are no ends. */
export const IS_OPEN = `state in ('queued', 'sending', 'deferred', 'held')`

/** How an attempt ended; null while it runs, or when the process died in it. */
export const ATTEMPT_RESULTS = ['delivered', 'deferred', 'bounced', 'again'] as const
export type AttemptResult = (typeof ATTEMPT_RESULTS)[number]

/** A message on its way to other servers, once for all recipients that get the same bytes. */
export const defineOutgoing = (c: Kit, t: { tenants: ReturnType<typeof defineTenants> }) =>
  c.table(
    'outgoing',
    {
      ...tenantRow(c),
      journeyId: c.id().notNull(),
      /** Who submitted it; null for what we forward or made ourselves. Not a foreign key: users are removed, the queue stays. */
      userId: c.id(),
      /** Null once all deliveries have ended and nothing has to be told of the message any more. */
      blobKey: c.text(),
      /** Bytes of the object, without `header`. */
      size: c.size().notNull(),
      /** Header lines with CRLF that go before the object. */
      header: c.text().notNull().default(''),
      /** The reverse-path as the next server gets it; empty for `<>`. */
      returnPath: c.text().notNull(),
      /** Whom a DSN goes to, and whom the queue shows; empty for nobody (RFC 5321 §6.1). */
      sender: c.text().notNull(),
      /** Without angle brackets. */
      messageIdHeader: c.text(),
      /** What kind of mail it is, by its sender's names; suppressions may be for one. */
      stream: c.text().notNull().default(''),
      /** For telling the sender of it when the object is gone. */
      subject: c.text().notNull().default(''),
      eightBit: c.bool().notNull(),
      smtpUtf8: c.bool().notNull(),
      /** RFC 3461 §4.3 and §4.4, as the client asked. */
      ret: c.oneOf(['full', 'hdrs']),
      envid: c.text(),
      createdAt: c.time().notNull(),
    },
    (o) => [
      c.primaryKey({ name: 'outgoing_pk', columns: [o.tenantId, o.id] }),
      belongsToTenant(c, 'outgoing_tenant_fk', o.tenantId, t.tenants),
      c
        .index('outgoing_blob_idx')
        .on(o.blobKey)
        .where(c.sql`blob_key is not null`),
      c
        .index('outgoing_kept_idx')
        .on(o.createdAt)
        .where(c.sql`blob_key is not null`),
      c.index('outgoing_age_idx').on(o.createdAt),
      c.index('outgoing_journey_idx').on(o.tenantId, o.journeyId),
      c.index('outgoing_message_id_idx').on(o.tenantId, o.messageIdHeader),
      c
        .index('outgoing_envid_idx')
        .on(o.tenantId, o.envid)
        .where(c.sql`envid is not null`),
    ],
  )

/** The delivery of an outgoing message to one recipient. */
export const defineDeliveries = (c: Kit, t: { outgoing: ReturnType<typeof defineOutgoing> }) =>
  c.table(
    'deliveries',
    {
      ...tenantRow(c),
      outgoingId: c.id().notNull(),
      /** The forward-path as sent. */
      recipient: c.text().notNull(),
      /** Its comparison key, as journeys have it. */
      address: c.text().notNull(),
      /** Its domain in A-labels, lower case, or its address literal. */
      domain: c.text().notNull(),
      /** RFC 3461 §4.1 and §4.2, as the client asked. */
      notify: c.json<readonly Notify[]>(),
      orcpt: c.json<NonNullable<RcptParams['orcpt']>>(),
      state: c.oneOf(DELIVERY_STATES).notNull(),
      /** Attempts begun, and those that failed. */
      attempts: c.int().notNull().default(0),
      failures: c.int().notNull().default(0),
      /** How often a refusal for good, which is not about the recipient, was tried again. */
      rescues: c.int().notNull().default(0),
      nextAttemptAt: c.time().notNull(),
      expiresAt: c.time().notNull(),
      /** The last words of a server, or ours about it. */
      lastReply: c.text().notNull().default(''),
      /** The class of the last refusal, or why the address is suppressed. */
      reason: c.text().notNull().default(''),
      /** The server that returned it after another had taken it; empty when none did. */
      returnedBy: c.text().notNull().default(''),
      /** Until when the attempt that has it may write its result; it is then tried again. Null outside attempts. */
      leasedUntil: c.time(),
      /** Grows with each attempt: a result counts only with the fence that its attempt was given. */
      fence: c.int().notNull().default(0),
      /** When it came to its end; null before. */
      endedAt: c.time(),
      /** When the sender was told that it is late. */
      noticedAt: c.time(),
      /** When it was decided whether the sender is told of the end. */
      reportedAt: c.time(),
      createdAt: c.time().notNull(),
    },
    (d) => [
      c.primaryKey({ name: 'deliveries_pk', columns: [d.tenantId, d.id] }),
      belongsTo(c, 'deliveries_outgoing_fk', [d.tenantId, d.outgoingId], t.outgoing).onDelete('cascade'),
      c.index('deliveries_outgoing_idx').on(d.tenantId, d.outgoingId),
      c.index('deliveries_state_idx').on(d.tenantId, d.state, d.id),
      c.index('deliveries_address_idx').on(d.tenantId, d.address, d.id),
      c.index('deliveries_due_idx').on(d.domain, d.nextAttemptAt).where(c.sql.raw(IS_WAITING)),
      c.index('deliveries_open_idx').on(d.state, d.nextAttemptAt, d.domain).where(c.sql.raw(IS_OPEN)),
      c.index('deliveries_lease_idx').on(d.leasedUntil).where(c.sql.raw(IS_SENDING)),
      c.index('deliveries_unreported_idx').on(d.endedAt).where(c.sql.raw(IS_UNREPORTED)),
      c
        .index('deliveries_late_idx')
        .on(d.createdAt)
        .where(c.sql.raw(`${IS_WAITING} and noticed_at is null`)),
      c.index('deliveries_expiry_idx').on(d.domain, d.expiresAt).where(c.sql.raw(IS_WAITING)),
    ],
  )

/** An attempt to deliver to one recipient, written before the connection is made and completed after it. */
export const defineDeliveryAttempts = (c: Kit, t: { deliveries: ReturnType<typeof defineDeliveries> }) =>
  c.table(
    'delivery_attempts',
    {
      tenantId: c.id().notNull(),
      deliveryId: c.id().notNull(),
      /** From 1; the delivery's `attempts` when it began. */
      number: c.int().notNull(),
      startedAt: c.time().notNull(),
      endedAt: c.time(),
      result: c.oneOf(ATTEMPT_RESULTS),
      /** The server that had the last word, its address, and how the connection was encrypted; empty when there was none. */
      host: c.text().notNull().default(''),
      remoteAddress: c.text().notNull().default(''),
      tls: c.text().notNull().default(''),
      reply: c.text().notNull().default(''),
      /** What was said, escaped and bounded. */
      conversation: c.text().notNull().default(''),
    },
    (a) => [
      c.primaryKey({ name: 'delivery_attempts_pk', columns: [a.tenantId, a.deliveryId, a.number] }),
      belongsTo(c, 'delivery_attempts_fk', [a.tenantId, a.deliveryId], t.deliveries).onDelete('cascade'),
    ],
  )
