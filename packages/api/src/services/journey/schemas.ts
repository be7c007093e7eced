import {
  JOURNEY_DIRECTIONS,
  JOURNEY_STATUSES,
  JOURNEY_STEP_KINDS,
  JOURNEY_STEP_RESULTS,
} from '@mairust/mail-core/journey'
import { z } from 'zod'
import { id, page, text, timestamp } from '../../wire/index.ts'

const stepSchema = z.object({
  at: z.string(),
  ms: z.number(),
  kind: z.enum(JOURNEY_STEP_KINDS),
  name: z.string(),
  result: z.enum(JOURNEY_STEP_RESULTS),
  detail: z.string(),
  /** The one recipient that it is about; null: about the whole message. */
  recipient: z.string().nullable(),
})

/** What happened to one SMTP transaction or API submission. */
export const journeySchema = z.object({
  id: z.string(),
  direction: z.enum(JOURNEY_DIRECTIONS),
  status: z.enum(JOURNEY_STATUSES),
  from: z.string(),
  to: z.array(z.string()),
  started_at: z.string(),
  remote_address: z.string(),
  helo: z.string(),
  reply: z.string(),
  /** Name of what refused it, as in `unknown` or `mailbox_full`. */
  reason: z.string().nullable(),
  steps: z.array(stepSchema),
})
export type JourneyWire = z.output<typeof journeySchema>

/** A journey opened: also how each recipient stands, and the messages that came of it. */
export const journeyDetailSchema = journeySchema.extend({
  recipients: z.array(
    z.object({
      address: z.string(),
      status: z.enum(JOURNEY_STATUSES),
      reply: z.string(),
      reason: z.string().nullable(),
    }),
  ),
  message_ids: z.array(z.string()),
})
export type JourneyDetailWire = z.output<typeof journeyDetailSchema>

export const listJourneysInput = z.strictObject({
  ...page,
  id: id('jrn').optional(),
  address: text(320, 1).optional(),
  message_id: text(998, 1).optional(),
  status: z.enum(JOURNEY_STATUSES).optional(),
  direction: z.enum(JOURNEY_DIRECTIONS).optional(),
  remote_address: text(64, 1).optional(),
  reason: text(100, 1).optional(),
  after: timestamp().optional(),
  before: timestamp().optional(),
})

export const journeyIdInput = z.strictObject({ id: id('jrn') })
