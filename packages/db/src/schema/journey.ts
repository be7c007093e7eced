import {
  type BehindStep,
  JOURNEY_DIRECTIONS,
  JOURNEY_STATUSES,
  JOURNEY_STEP_KINDS,
  JOURNEY_STEP_RESULTS,
  type StoredJourneyStep,
} from '@mairust/mail-core/journey'
import { ROLES } from '../names.ts'
import type { Kit } from './kit.ts'
import { belongsTo, belongsToTenant, tenantRow } from './shared.ts'
import type { defineTenants } from './tenant.ts'

/** What happened to an SMTP transaction or API submission, including refused ones. */
export const defineJourneys = (c: Kit, t: { tenants: ReturnType<typeof defineTenants> }) =>
  c.table(
    'journeys',
    {
      ...tenantRow(c),
      direction: c.oneOf(JOURNEY_DIRECTIONS).notNull(),
      /**
       * The authenticated user, and so the sender; the reverse-path alone proves nothing. Not a foreign key: users are removed,
       * journeys stay.
       */
      userId: c.id(),
      /** That user's role then; null in older rows. */
      userRole: c.oneOf(ROLES),
      status: c.oneOf(JOURNEY_STATUSES).notNull(),
      /** Reverse-path, normalised; empty for `<>`. */
      sender: c.text().notNull(),
      recipients: c.json<string[]>().notNull(),
      remoteAddress: c.text().notNull(),
      helo: c.text().notNull(),
      reply: c.text().notNull(),
      /** Why the whole transaction was refused; empty when it was not. */
      reason: c.text().notNull().default(''),
      /** What happened until the reply, in order. Later events go to `journey_events`. */
      steps: c.json<StoredJourneyStep[]>().notNull(),
      /** The steps behind recipients, which lists do not read; null without any. In older rows they are among the steps. */
      stepsBehind: c.json<BehindStep[]>(),
      startedAt: c.time().notNull(),
    },
    (j) => [
      c.primaryKey({ name: 'journeys_pk', columns: [j.tenantId, j.id] }),
      belongsToTenant(c, 'journeys_tenant_fk', j.tenantId, t.tenants),
      c.index('journeys_id_idx').on(j.id),
      c.index('journeys_started_idx').on(j.tenantId, j.startedAt, j.id),
      c.index('journeys_sender_idx').on(j.tenantId, j.sender, j.startedAt),
      c.index('journeys_remote_idx').on(j.tenantId, j.remoteAddress, j.startedAt),
      c
        .index('journeys_user_idx')
        .on(j.tenantId, j.userId, j.startedAt)
        .where(c.sql`user_id is not null`),
      c
        .index('journeys_status_idx')
        .on(j.tenantId, j.status, j.startedAt)
        .where(c.sql`status <> 'accepted'`),
      c
        .index('journeys_reason_idx')
        .on(j.tenantId, j.reason, j.startedAt)
        .where(c.sql`reason <> ''`),
      c.index('journeys_age_idx').on(j.startedAt),
    ],
  )

/** The status of each envelope recipient; also finds a journey by address. */
export const defineJourneyRecipients = (c: Kit, t: { journeys: ReturnType<typeof defineJourneys> }) =>
  c.table(
    'journey_recipients',
    {
      tenantId: c.id().notNull(),
      journeyId: c.id().notNull(),
      /** Normalised address as given in RCPT. */
      address: c.text().notNull(),
      status: c.oneOf(JOURNEY_STATUSES).notNull(),
      /** The last reply for it: ours, later that of the next server. */
      reply: c.text().notNull(),
      /** Why it was refused; empty when it was not. */
      reason: c.text().notNull().default(''),
      /**
       * The highest role among the owners of the mailboxes that it led to then: addresses, owners and copies change, and what came
       * to a higher role stays hidden. Null: none has an owner, or the row is older than the column.
       */
      ownerRole: c.oneOf(ROLES),
    },
    (r) => [
      c.primaryKey({ name: 'journey_recipients_pk', columns: [r.tenantId, r.journeyId, r.address] }),
      belongsTo(c, 'journey_recipients_journey_fk', [r.tenantId, r.journeyId], t.journeys).onDelete('cascade'),
      c.index('journey_recipients_address_idx').on(r.tenantId, r.address, r.journeyId),
      c
        .index('journey_recipients_reason_idx')
        .on(r.tenantId, r.reason, r.journeyId)
        .where(c.sql`reason <> ''`),
    ],
  )

/** What happened to a journey after its reply, such as delivery attempts: rows are added, never changed. */
export const defineJourneyEvents = (c: Kit, t: { journeys: ReturnType<typeof defineJourneys> }) =>
  c.table(
    'journey_events',
    {
      tenantId: c.id().notNull(),
      journeyId: c.id().notNull(),
      id: c.id().notNull(),
      at: c.time().notNull(),
      kind: c.oneOf(JOURNEY_STEP_KINDS).notNull(),
      name: c.text().notNull(),
      result: c.oneOf(JOURNEY_STEP_RESULTS).notNull(),
      detail: c.text().notNull(),
      /** The envelope recipient concerned, who alone may see it; null: the whole message. */
      recipient: c.text(),
    },
    (e) => [
      c.primaryKey({ name: 'journey_events_pk', columns: [e.tenantId, e.journeyId, e.id] }),
      belongsTo(c, 'journey_events_journey_fk', [e.tenantId, e.journeyId], t.journeys).onDelete('cascade'),
    ],
  )
