import {
  JOURNEY_DIRECTIONS,
  JOURNEY_STATUSES,
  JOURNEY_STEP_KINDS,
  JOURNEY_STEP_RESULTS,
} from '@mairust/mail-core/journey'
import { z } from 'zod'
import {
  ADDRESS,
  count,
  exampleId,
  idOf,
  line,
  lineOrNull,
  page,
  text,
  time,
  timestamp,
  timeWords,
  wireId,
  word,
  type Words,
} from '../../wire/index.ts'

const DIRECTION: Words = ['Which way it went.', 'inbound']
const STATUS: Words = ['The current status.', 'delivered']
const REMOTE: Words = ['Address of the other server or program.', '192.0.2.1']
const reply = line('The reply that was given.', '250 2.0.0 Accepted')
const reason = lineOrNull('Why it was refused, as a word; null when it was not.')

const stepSchema = z.object({
  at: time('When it happened.'),
  ms: count('Milliseconds since it began.', 12),
  kind: word(z.enum(JOURNEY_STEP_KINDS), 'What kind of step it is.', 'connect'),
  name: line('Name of the step.', 'connect'),
  result: word(z.enum(JOURNEY_STEP_RESULTS), 'How the step ended.', 'ok'),
  detail: line('More about the step.', ''),
  recipient: lineOrNull('The recipient that the step is about; null for all.'),
})

/** What happened to one SMTP transaction or API submission. */
export const journeySchema = z.object({
  id: wireId('jrn'),
  direction: word(z.enum(JOURNEY_DIRECTIONS), ...DIRECTION),
  status: word(z.enum(JOURNEY_STATUSES), ...STATUS),
  from: line('Envelope sender; empty for bounces.', 'ken@example.org'),
  to: word(z.array(z.string()), 'Envelope recipients that you may see.', ['hana@example.com']),
  started_at: time('When it began.'),
  remote_address: line(...REMOTE),
  helo: line('The name the other server gave in HELO or EHLO.', 'mail.example.org'),
  reply,
  reason,
  steps: word(z.array(stepSchema), 'What happened, in order.'),
})
export type JourneyWire = z.output<typeof journeySchema>

/** A journey opened: also how each recipient stands, and the messages that came of it. */
export const journeyDetailSchema = journeySchema.extend({
  recipients: word(
    z.array(
      z.object({
        address: line(...ADDRESS),
        status: word(z.enum(JOURNEY_STATUSES), ...STATUS),
        reply,
        reason,
      }),
    ),
    'How it ended for each recipient.',
  ),
  message_ids: word(z.array(z.string()), 'The messages that were stored.', [exampleId('msg')]),
})
export type JourneyDetailWire = z.output<typeof journeyDetailSchema>

export const listJourneysInput = z.strictObject({
  ...page,
  id: idOf('jrn').optional(),
  address: word(text(320, 1), 'Only those with this sender or recipient.', 'hana@example.com').optional(),
  message_id: word(
    text(998, 1),
    'Only those of this message: its id here, or its Message-ID.',
    exampleId('msg'),
  ).optional(),
  status: word(z.enum(JOURNEY_STATUSES), ...STATUS).optional(),
  direction: word(z.enum(JOURNEY_DIRECTIONS), ...DIRECTION).optional(),
  remote_address: word(text(64, 1), ...REMOTE).optional(),
  reason: word(text(100, 1), 'Only those refused for this reason.', 'unknown').optional(),
  after: word(timestamp(), ...timeWords('Only those that began at or after this time.')).optional(),
  before: word(timestamp(), ...timeWords('Only those that began before this time.')).optional(),
})

export const journeyIdInput = z.strictObject({ id: idOf('jrn') })
