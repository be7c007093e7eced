import type { Kit } from './kit.ts'
import { tenantRow } from './shared.ts'
import type { defineTenants } from './tenant.ts'

export const JOURNEY_DIRECTIONS = ['inbound', 'submission', 'internal'] as const
/** The end of a whole transaction; `partial` when recipients fared differently. */
export const JOURNEY_STATUSES = ['accepted', 'refused', 'deferred', 'partial', 'aborted'] as const
export type JourneyStatus = (typeof JOURNEY_STATUSES)[number]

/** One step of a journey, in the wire's own shape. `at` RFC 3339, `ms` how long it took. */
export interface StoredStep {
  at: string
  ms: number
  kind: string
  name: string
  result: string
  detail: string
}

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
      steps: c.json<StoredStep[]>().notNull(),
      startedAt: c.time().notNull(),
    },
    (j) => [
      c.primaryKey({ name: 'journeys_pk', columns: [j.tenantId, j.id] }),
      c
        .foreignKey({ name: 'journeys_tenant_fk', columns: [j.tenantId], foreignColumns: [t.tenants.id] })
        .onDelete('cascade'),
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
      c
        .foreignKey({
          name: 'journey_recipients_journey_fk',
          columns: [r.tenantId, r.journeyId],
          foreignColumns: [t.journeys.tenantId, t.journeys.id],
        })
        .onDelete('cascade'),
      c.index('journey_recipients_address_idx').on(r.tenantId, r.address, r.journeyId),
    ],
  )
