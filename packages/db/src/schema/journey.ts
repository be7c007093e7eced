import { JOURNEY_DIRECTIONS, JOURNEY_STATUSES, type JourneyStep } from '@mairust/mail-core/journey'
import type { Kit } from './kit.ts'
import { belongsTo, belongsToTenant, tenantRow } from './shared.ts'
import type { defineTenants } from './tenant.ts'

/** What happened to one SMTP transaction or API submission, also to refused ones. */
export const defineJourneys = (c: Kit, t: { tenants: ReturnType<typeof defineTenants> }) =>
  c.table(
    'journeys',
    {
      ...tenantRow(c),
      direction: c.oneOf(JOURNEY_DIRECTIONS).notNull(),
      status: c.oneOf(JOURNEY_STATUSES).notNull(),
      /** Reverse-path, normalised; empty for `<>`. */
      sender: c.text().notNull(),
      recipients: c.json<string[]>().notNull(),
      remoteAddress: c.text().notNull(),
      helo: c.text().notNull(),
      reply: c.text().notNull(),
      steps: c.json<JourneyStep[]>().notNull(),
      startedAt: c.time().notNull(),
    },
    (j) => [
      c.primaryKey({ name: 'journeys_pk', columns: [j.tenantId, j.id] }),
      belongsToTenant(c, 'journeys_tenant_fk', j.tenantId, t.tenants),
      c.index('journeys_id_idx').on(j.id),
      c.index('journeys_started_idx').on(j.tenantId, j.startedAt, j.id),
      c.index('journeys_sender_idx').on(j.tenantId, j.sender, j.startedAt),
      c.index('journeys_age_idx').on(j.startedAt),
    ],
  )

/** The fate of each envelope recipient; also what finds a journey by address. */
export const defineJourneyRecipients = (c: Kit, t: { journeys: ReturnType<typeof defineJourneys> }) =>
  c.table(
    'journey_recipients',
    {
      tenantId: c.id().notNull(),
      journeyId: c.id().notNull(),
      /** Normalised address as given in RCPT. */
      address: c.text().notNull(),
      status: c.oneOf(JOURNEY_STATUSES).notNull(),
      reply: c.text().notNull(),
    },
    (r) => [
      c.primaryKey({ name: 'journey_recipients_pk', columns: [r.tenantId, r.journeyId, r.address] }),
      belongsTo(c, 'journey_recipients_journey_fk', [r.tenantId, r.journeyId], t.journeys).onDelete('cascade'),
      c.index('journey_recipients_address_idx').on(r.tenantId, r.address, r.journeyId),
    ],
  )
